// A log line as a syslog message (RFC 5424), and its frame on a stream (RFC 5425, RFC 6587).
//
//   <PRI>1 2026-11-30T02:12:16.123Z HOST sealift ROLE EVENT [origin software="sealift"
//   swVersion="0.1.0"][meta sequenceId="17"] {"time":...}
//
// The facility is daemon, and authpriv for what tells of logins. The text after the structured data
// is the very line of the file. Receivers see by sequenceId whether one is missing. Pure.
#pragma once

#include <string>

#include "server/log_frames.h"

namespace sealift::server {

struct SyslogOrigin {
  std::string host;  // as the machine calls itself; "" for none
  std::string role;
  std::string version;
  std::uint64_t sequence = 0;  // from 1; the format counts to 2147483647 and begins again
};

// Printable ASCII, one line, no newline at its end.
std::string syslog_message(const LogLine& line, const SyslogOrigin& origin);

// "57 <30>1 ...": octet counting.
std::string octet_counted(std::string_view message);

}  // namespace sealift::server
