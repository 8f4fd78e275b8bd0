// A request's head: the request line and the header fields of HTTP/1.1 (RFC 9112), and HTTP/1.0.
//
//   method SP target SP "HTTP/1." ("0" | "1") CRLF *( name ":" value CRLF ) CRLF
//
// Strict on purpose: whatever two readers of one request might understand differently is refused,
// because a proxy in front and this parser are two readers. docs/formats/http.md lists what and
// why. Pure functions over views: no state, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/field.h"
#include "http/status.h"

namespace sealift::http {

enum class BodyFraming : std::uint8_t { none, sized, chunked };
enum class Persistence : std::uint8_t { close, keep_alive };

// Views borrow from the parsed bytes.
struct RequestHead {
  Method method = Method::get;
  std::string_view path;   // starts with '/'; percent-encoding is left as it is
  std::string_view query;  // without its '?'
  std::string_view host;   // as the Host field has it, port included
  Fields fields;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t body_size_bytes = 0;  // with BodyFraming::sized
  Persistence persistence = Persistence::keep_alive;
  bool expects_continue = false;
  std::size_t size_bytes = 0;  // of the head, its last CRLF included
};

struct Incomplete {};  // good so far: more bytes are needed
using RequestOutcome = std::variant<Incomplete, RequestHead, Refusal>;

// Parses the head that `input` starts with; what follows it is left alone. Refuses at the latest
// when limits::kHttpHeadSizeMax bytes hold no whole head.
RequestOutcome parse_request_head(std::string_view input);

// The names that this server answers to, as its configuration has them. A Host field that names
// something else is refused with 421, before anything could build a link or a decision on it.
class HostNames {
 public:
  // Each is a name or address, with a port where the configuration has one ("files.example.org",
  // "127.0.0.1:8443"); compared without regard to case. An empty list refuses everything.
  explicit HostNames(std::vector<std::string> names);
  bool contains(std::string_view host) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace sealift::http
