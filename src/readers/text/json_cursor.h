// Walks JSON (RFC 8259) value by value, as tolerant as exports are wrong.
//
// Missing commas are forgiven; after anything else `good()` is false and nothing more is taken.
// Borrows the text. Not thread-safe.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "readers/text/utf8_append.h"

namespace sealift::readers {

// Walks values as they stand. After damage `good` is false and nothing more is taken.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : rest_(text) {}

  bool good() const { return good_; }
  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }
  char peek() {
    skip_spaces();
    return rest_.empty() ? '\0' : rest_[0];
  }
  // Takes `c` if it comes next.
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view rest() const { return rest_; }
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::string string() {
    std::string out;
    if (!take('"')) fail();
    while (good_) {
      const std::size_t at = rest_.find_first_of("\"\\");
      if (at == std::string_view::npos) {
        out += rest_;
        fail();
        break;
      }
      out += rest_.substr(0, at);
      const char c = rest_[at];
      rest_.remove_prefix(at + 1);
      if (c == '"') break;
      escape(out);
    }
    return out;
  }

  // A number, true, false or null, as written; null is empty.
  std::string scalar() {
    skip_spaces();
    const std::size_t end = std::min(rest_.find_first_of(",]} \t\r\n"), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (end == 0) fail();
    return out == "null" ? std::string() : out;
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
  }

  char32_t hex4() {
    unsigned value = 0;
    const std::string_view digits = rest_.substr(0, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + 4) fail();
    if (good_) rest_.remove_prefix(4);
    return static_cast<char32_t>(value);
  }

  void escape(std::string& out) {
    if (rest_.empty()) return fail();
    const char c = rest_[0];
    rest_.remove_prefix(1);
    constexpr std::string_view kFrom = "bfnrt";
    constexpr std::string_view kTo = " \n\n\n\t";
    if (c == 'u') {
      char32_t code = hex4();
      if (code >= 0xD800 && code < 0xDC00 && rest_.starts_with("\\u")) {
        rest_.remove_prefix(2);
        code = 0x10000 + ((code - 0xD800) << 10) + ((hex4() - 0xDC00) & 0x3FFU);
      }
      if (good_) append_utf8(out, code);
    } else if (const std::size_t at = kFrom.find(c); at != std::string_view::npos) {
      out += kTo[at];
    } else {
      out += c;
    }
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace sealift::readers
