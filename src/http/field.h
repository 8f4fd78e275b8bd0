// Header fields that Sealift reads, and the small grammars of field values.
//
// A message's other fields are checked for form and then dropped: what nobody reads can't do harm.
// Each field here stands at most once in a message; a second one is refused, so two readers of one
// message can't disagree on which counts (RFC 9112 section 11.2, request smuggling). The exception
// is X-Forwarded-For, of whose lines the last counts (internal/lines.cc).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sealift::http {

enum class FieldName : std::uint8_t {
  accept,
  accept_encoding,
  accept_language,
  accept_ranges,
  authorization,
  connection,
  content_digest,
  content_encoding,
  content_length,
  content_range,
  content_type,
  date,
  etag,
  expect,
  host,
  if_match,
  if_none_match,
  if_range,
  location,
  range,
  retry_after,
  sealift_act,
  sealift_hand_in_key,
  sealift_repeat,
  sealift_session_key,
  sealift_ticket,
  sealift_upload_key,
  signature,
  signature_input,
  transfer_encoding,
  tus_resumable,
  upload_checksum,
  upload_concat,
  upload_defer_length,
  upload_expires,
  upload_length,
  upload_metadata,
  upload_offset,
  x_forwarded_for,
  x_http_method_override,
};
inline constexpr std::size_t kFieldNames =
    static_cast<std::size_t>(FieldName::x_http_method_override) + 1;

// Any case, as RFC 9110 section 5.1 says; nullopt for a field that Sealift does not read.
std::optional<FieldName> field_name_of(std::string_view name);

// The fields of one message, as views of its bytes.
class Fields {
 public:
  // False when the field is there already.
  bool put(FieldName name, std::string_view value) {
    auto& slot = values_.at(static_cast<std::size_t>(name));
    if (slot) return false;
    slot = value;
    return true;
  }
  std::optional<std::string_view> get(FieldName name) const {
    return values_.at(static_cast<std::size_t>(name));
  }
  bool has(FieldName name) const { return get(name).has_value(); }

 private:
  std::array<std::optional<std::string_view>, kFieldNames> values_{};
};

// RFC 9110 section 5.6.2: the characters of names.
bool is_token(std::string_view text);
// A field value after its white space is trimmed: visible ASCII, space and tab. Obsolete text
// (bytes over 0x7f) is refused: no field that Sealift reads has a use for it.
bool is_field_value(std::string_view text);

std::string_view trim_white_space(std::string_view text);
bool equal_ignoring_case(std::string_view one, std::string_view other);

// Decimal digits alone: no sign, no leading zero, at most `max`.
std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max);

// Takes the next element of a comma-separated list off `rest`; nullopt at the end. Empty elements
// are given as they are: callers refuse or skip them.
std::optional<std::string_view> next_element(std::optional<std::string_view>& rest);

}  // namespace sealift::http
