// A response's head, read: what a client judges a server's answer with (RFC 9112).
//
//   "HTTP/1." ("0" | "1") SP 3DIGIT SP *text CRLF *( name ":" value CRLF ) CRLF
//
// As strict as the request parser: the server may be hostile. A body that lasts until the
// connection ends is refused, since a cut connection would look like its end.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "http/entity_tag.h"
#include "http/field.h"
#include "http/request_head.h"
#include "http/status.h"

namespace sealift::http {

// Views borrow from the parsed bytes.
struct ReadResponse {
  unsigned status = 0;  // 100 to 599
  Fields fields;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t body_size_bytes = 0;  // with BodyFraming::sized
  Persistence persistence = Persistence::keep_alive;
  std::size_t size_bytes = 0;  // of the head
};

using ResponseOutcome = std::variant<Incomplete, ReadResponse, Refusal>;

// `asked`: the method of the request, which decides whether a body follows.
ResponseOutcome parse_response_head(std::string_view input, Method asked);

// Content-Range of a 206: "bytes first-last/whole".
struct ContentRange {
  ByteRange range;
  std::uint64_t whole_size_bytes = 0;
};
std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace sealift::http
