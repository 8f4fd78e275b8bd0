#include "http/field.h"

#include <algorithm>

namespace sealift::http {
namespace {

// In the order of FieldName; a test holds the two together.
constexpr std::array<std::string_view, kFieldNames> kNames = {
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "authorization",
    "connection",
    "content-digest",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expect",
    "host",
    "if-match",
    "if-none-match",
    "if-range",
    "location",
    "range",
    "retry-after",
    "sealift-act",
    "sealift-hand-in-key",
    "sealift-repeat",
    "sealift-session-key",
    "sealift-ticket",
    "sealift-upload-key",
    "signature",
    "signature-input",
    "transfer-encoding",
    "tus-resumable",
    "upload-checksum",
    "upload-concat",
    "upload-defer-length",
    "upload-expires",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "x-forwarded-for",
    "x-http-method-override",
};
static_assert(!kNames.back().empty(), "each enumerator has its name");

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table.at(static_cast<unsigned char>(c)) = true;
  }
  return table;
}
constexpr std::array<bool, 256> kTokenTable = make_token_table();

}  // namespace

std::optional<FieldName> field_name_of(std::string_view name) {
  for (std::size_t i = 0; i < kFieldNames; ++i) {
    if (kNames[i].size() == name.size() && equal_ignoring_case(kNames[i], name)) {
      return static_cast<FieldName>(i);
    }
  }
  return std::nullopt;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kTokenTable[static_cast<unsigned char>(c)];
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

std::string_view trim_white_space(std::string_view text) {
  const auto is_white = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max) {
  if (text.empty() || text.size() > 19 || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  std::uint64_t value = 0;  // 19 digits fit
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (value > max) return std::nullopt;
  return value;
}

std::optional<std::string_view> next_element(std::optional<std::string_view>& rest) {
  if (!rest) return std::nullopt;
  const std::size_t comma = rest->find(',');
  const std::string_view element = trim_white_space(rest->substr(0, comma));
  if (comma == std::string_view::npos) {
    rest.reset();
  } else {
    rest->remove_prefix(comma + 1);
  }
  return element;
}

}  // namespace sealift::http
