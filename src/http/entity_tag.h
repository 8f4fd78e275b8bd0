// Entity tags, conditions on them, and byte ranges (RFC 9110 sections 8.8.3, 13 and 14).
//
// Sealift's tags are strong and made of its own hexadecimal ids, so a tag in a response can't hold
// anything that a client sent. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/field.h"
#include "http/status.h"

namespace sealift::http {

// 1 to 64 characters of lower-case hexadecimal, digits or '-'. A value: copies freely.
class EntityTag {
 public:
  static std::optional<EntityTag> make(std::string_view text);
  const std::string& text() const { return text_; }  // without the quotes
  friend bool operator==(const EntityTag&, const EntityTag&) = default;

 private:
  explicit EntityTag(std::string_view text) : text_(text) {}
  std::string text_;
};

// What the conditions of a GET or HEAD come to, for content with this tag.
enum class Condition { proceed, not_modified, failed, malformed };
// RFC 9110 section 13.2.2, If-Match then If-None-Match. Dates are not looked at: every answer that
// can be conditional has a tag.
Condition judge_conditions(const Fields& fields, const EntityTag& tag);

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// A Range field as written, before the size of the content is known.
//   "bytes=" ( first "-" [last] | "-" suffix )
// One range; several at once, other units and malformed fields are refused (RFC 9110 section 14.2
// lets a server do so; ignoring the field would send a terabyte to who asked for a page of it).
struct RangeSpec {
  enum class Kind : std::uint8_t { from_to, from, suffix };
  Kind kind = Kind::from;
  std::uint64_t first = 0;  // the suffix's size with Kind::suffix
  std::uint64_t last = 0;   // included, with Kind::from_to
  friend bool operator==(const RangeSpec&, const RangeSpec&) = default;
};
std::optional<RangeSpec> parse_range(std::string_view value);
// The bytes meant in content of this size; nullopt when none of it is meant (416).
std::optional<ByteRange> resolve_range(const RangeSpec& spec, std::uint64_t content_size_bytes);

// Range and If-Range together, for content with this tag and size.
struct RangeAnswer {
  enum class Kind { whole, partial, refused };
  Kind kind = Kind::whole;
  ByteRange range;  // with Kind::whole: all of it
};
RangeAnswer judge_range(const Fields& fields, const EntityTag& tag,
                        std::uint64_t content_size_bytes);

}  // namespace sealift::http
