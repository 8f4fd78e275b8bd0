// Frames from a role to the logger: one line each, over a socket pair that keeps their bounds.
//
//   frame = event:u8 time:u64 count:u8 *( field )       integers little-endian, time in ms
//   field = size:u8 key  size:u16 value                 at most 16 fields, 64 and 1024 bytes
//
// The role isn't in it: the logger knows it by the socket, so that no role speaks in another's
// name. Trailing bytes are refused. Pure; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "server/log_event.h"

namespace sealift::server {

inline constexpr std::size_t kLogFieldsMax = 16;
inline constexpr std::size_t kLogKeySizeMax = 64;
inline constexpr std::size_t kLogValueSizeMax = 1024;
inline constexpr std::size_t kLogFrameSizeMax = 20'000;

struct LogLine {
  LogEvent event = LogEvent::failed;
  base::UnixTime time{};
  std::vector<std::pair<std::string, std::string>> fields{};
  friend bool operator==(const LogLine&, const LogLine&) = default;
};

// Longer keys and values are cut, more fields left out.
base::Bytes encode_log_line(const LogLine& line);
// Errors: malformed.
base::Result<LogLine> decode_log_line(base::ByteView frame);

// One JSON object and a newline: printable ASCII, whatever the fields hold.
std::string json_line(const LogLine& line, std::string_view role);

}  // namespace sealift::server
