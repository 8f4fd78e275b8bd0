// What the parent asks of a sandboxed reader process, and how the two speak over one socket.
//
//   to the reader:  length u32, request           one descriptor rides along (SCM_RIGHTS): the file
//   to the parent:  ready, then per request: frame* done
//   frame           as in document/wire.h
//   ready, done     a frame of kind 0 and an empty body
//
//   request  := pass u8, size_bytes u64, path string, count u32, skip*, count u32, ordinal u32*
//   skip     := ordinal u32, reason string
//
// Files are counted within a request in the order in which they are begun: 0 is the file itself. A
// reader is deterministic, so a number means the same file when the request is sent again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::extract {

enum class Pass : std::uint8_t {
  documents = 1,  // everything but pictures of text
  scans = 2,      // pictures of text alone, recognised
};

// A file inside the request that killed its reader before: ended as failed, and not opened again.
struct Skip {
  std::uint32_t ordinal = 0;
  std::string reason;
};

struct Request {
  Pass pass = Pass::documents;
  std::uint64_t size_bytes = 0;
  std::string path;
  std::vector<Skip> skips;
  // In the pass over scans: the only files to begin and end, in rising order.
  std::vector<std::uint32_t> only;
};

base::Bytes encode_request(const Request& request);

// Errors: malformed.
base::Result<Request> decode_request(base::ByteView bytes);

// The reason with which the first pass ends a file that the pass over scans has more of.
inline constexpr std::string_view kWaitsForOcr = "pictures of text wait for recognition";

// The frame that says ready or done.
inline constexpr std::uint8_t kDoneKind = 0;

}  // namespace sealift::extract
