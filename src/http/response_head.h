// A response's head, made of typed fields alone: no byte that a client sent can become part of it.
//
// There is no way to add a field by name, or a value as free text. Each value is a number, an
// enumerator, or a type whose constructor judged its characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/entity_tag.h"
#include "http/request_head.h"
#include "http/status.h"

namespace sealift::http {

enum class MediaType : std::uint8_t {
  none,
  json,
  octet_stream,
  text,
  html,
  css,
  script,
  wasm,
  svg,
  png,
  woff2
};
inline constexpr std::size_t kMediaTypes = 11;

enum class CacheControl : std::uint8_t { no_store, revalidate, immutable };
// What tus fields go out: none, the version, or the version and all that OPTIONS tells.
enum class TusFields : std::uint8_t { none, version, capabilities };
// Whether a resource is kept in several codings, and which one this response has.
enum class Coded : std::uint8_t { never, identity, gzip, brotli };
enum class Challenge : std::uint8_t { none, bearer };

// An absolute path of our own: '/', letters, digits, "-._~", 1 to 128 characters.
class Location {
 public:
  static std::optional<Location> make(std::string_view text);
  const std::string& text() const { return text_; }
  friend bool operator==(const Location&, const Location&) = default;

 private:
  explicit Location(std::string_view text) : text_(text) {}
  std::string text_;
};

// Bit n: the method with number n.
using MethodSet = std::uint8_t;
constexpr MethodSet method_bit(Method method) {
  return static_cast<MethodSet>(1U << static_cast<unsigned>(method));
}

struct ResponseHead {
  Status status = Status::ok;
  MediaType media_type = MediaType::none;
  CacheControl cache = CacheControl::no_store;
  TusFields tus = TusFields::none;
  Challenge challenge = Challenge::none;
  Coded coded = Coded::never;  // of the fronts' own files: not in frames
  MethodSet allow = 0;
  bool attachment = false;  // a download: "save", never "show"
  bool accepts_ranges = false;
  std::uint64_t content_size_bytes = 0;  // of the body as a GET would have it
  std::optional<EntityTag> etag;
  // With partial_content: these bytes of `whole_size_bytes`. With range_not_satisfiable: no range.
  std::optional<ByteRange> range;
  std::uint64_t whole_size_bytes = 0;
  std::optional<std::uint64_t> upload_offset;
  std::optional<std::uint64_t> upload_length;
  std::optional<base::UnixTime> upload_expires;
  std::optional<std::uint64_t> tus_max_size_bytes;
  std::optional<std::uint32_t> retry_after_seconds;
  std::optional<Location> location;
  friend bool operator==(const ResponseHead&, const ResponseHead&) = default;
};

enum class Channel : std::uint8_t { plain, tls };

// What the web client's page and workers may do: scripts, styles and WebAssembly of its own origin,
// and nothing inline. The one Trusted Types policy names the workers' own scripts. A frame shows a
// received file (web/src/ui/parts/Preview.svelte), which has this policy too.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' "
    "blob:; frame-src blob:; manifest-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sealift-worker";

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string http_date(base::UnixTime time);
// Of that form alone. nullopt: another one, or no date.
std::optional<base::UnixTime> parse_http_date(std::string_view text);

// What the connection adds to every response.
struct ResponseContext {
  std::string_view date;  // of http_date
  Persistence persistence = Persistence::keep_alive;
  Channel channel = Channel::plain;
};

// True when a message with this status has no body whatever its fields say (RFC 9110
// section 6.4.1).
bool has_no_body(Status status);

// Appends the head, its last CRLF included.
void write_response_head(const ResponseHead& head, const ResponseContext& context,
                         std::string& out);

}  // namespace sealift::http
