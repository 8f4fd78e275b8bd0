#include "census/kinds/phone.h"

#include <algorithm>

#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kInternationalDigitsMin = 8;
constexpr std::size_t kInternationalDigitsMax = 15;

class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool digits(std::size_t count, std::string* to) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_ascii_digit(peek(i))) return false;
    }
    to->append(text_.substr(at_, count));
    at_ += count;
    return true;
  }
  // One of - . space, a long dash or a no-break space; 0 for none.
  char separator() {
    const char c = peek();
    if (c == '-' || c == '.' || c == ' ') {
      ++at_;
      return c;
    }
    const std::string_view three = text_.substr(std::min(at_, text_.size()), 3);
    if (three == "\xE2\x80\x90" || three == "\xE2\x80\x91" || three == "\xE2\x80\x93") {
      at_ += 3;
      return '-';
    }
    if (three.substr(0, 2) == "\xC2\xA0") {
      at_ += 2;
      return ' ';
    }
    return 0;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

// Skips "x123", "ext. 123", "poste 123"; gives where the number with it ends.
std::size_t after_extension(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i < text.size() && (text[i] == ' ' || text[i] == ',')) ++i;
  std::string word;
  while (i < text.size() && is_ascii_letter(text[i])) word.push_back(ascii_lower(text[i++]));
  if (word != "x" && word != "ext" && word != "extension" && word != "poste") return at;
  while (i < text.size() && (text[i] == '.' || text[i] == ' ' || text[i] == ':' || text[i] == '#'))
    ++i;
  const std::size_t digits = i;
  while (i < text.size() && is_ascii_digit(text[i]) && i - digits < 7) ++i;
  return i == digits ? at : i;
}

bool ends_well(std::string_view text, std::size_t end) {
  if (end >= text.size()) return true;
  if (is_ascii_digit(text[end])) return false;
  const bool more = (text[end] == '-' || text[end] == '.') && end + 1 < text.size() &&
                    is_ascii_digit(text[end + 1]);
  return !more && (!is_ascii_letter(text[end]) || ascii_lower(text[end]) == 'x' ||
                   ascii_lower(text[end]) == 'e');
}

std::optional<PhoneMatch> north_american(std::string_view text, std::size_t at) {
  Cursor cursor(text, at);
  std::string digits;
  bool prefixed = false;
  if (cursor.take('+')) {
    if (!cursor.take('1')) return std::nullopt;
    cursor.separator();
    prefixed = true;
  } else if (cursor.peek() == '1' && !is_ascii_digit(cursor.peek(1))) {
    cursor.take('1');
    if (cursor.separator() == 0 && cursor.peek() != '(') return std::nullopt;
    prefixed = true;
  } else if (cursor.peek() == '1' && is_ascii_digit(cursor.peek(10)) &&
             !is_ascii_digit(cursor.peek(11))) {
    cursor.take('1');
    prefixed = true;
  }
  const bool bracket = cursor.take('(');
  if (!cursor.digits(3, &digits)) return std::nullopt;
  char first = 0;
  if (bracket) {
    if (!cursor.take(')')) return std::nullopt;
    first = ')';
    cursor.separator();
  } else {
    first = cursor.separator();
    if (first == 0 && cursor.peek() == '/') {
      cursor.take('/');
      first = '/';
    }
  }
  if (!cursor.digits(3, &digits)) return std::nullopt;
  const char second = cursor.separator();
  if (!cursor.digits(4, &digits)) return std::nullopt;
  const bool plain = first == 0 && second == 0;
  if ((first == 0) != (second == 0) && !bracket && !prefixed) return std::nullopt;
  if (!plain && first == '.' && second != '.') return std::nullopt;
  if (!nanp_possible(digits) || !ends_well(text, cursor.at())) return std::nullopt;
  return PhoneMatch{"+1" + digits, at, after_extension(text, cursor.at()), plain};
}

std::optional<PhoneMatch> international(std::string_view text, std::size_t at) {
  Cursor cursor(text, at);
  if (!cursor.take('+')) return std::nullopt;
  std::string digits;
  std::size_t end = cursor.at();
  int groups = 0;
  while (digits.size() <= kInternationalDigitsMax) {
    if (cursor.peek() == '(' && cursor.peek(1) == '0' && cursor.peek(2) == ')') {
      cursor.take('(');
      cursor.take('0');
      cursor.take(')');
    } else if (is_ascii_digit(cursor.peek())) {
      cursor.digits(1, &digits);
      end = cursor.at();
    } else if (cursor.separator() != 0 || cursor.take('(') || cursor.take(')')) {
      ++groups;
      const char next = cursor.peek();
      if (!is_ascii_digit(next) && next != '(' && next != ' ') break;
    } else {
      break;
    }
  }
  if (digits.size() < kInternationalDigitsMin || digits.size() > kInternationalDigitsMax)
    return std::nullopt;
  if (digits[0] == '0' || digits[0] == '1' || (groups == 0 && digits.size() < 9))
    return std::nullopt;
  if (!ends_well(text, end)) return std::nullopt;
  return PhoneMatch{"+" + digits, at, after_extension(text, end), false};
}

}  // namespace

std::optional<PhoneMatch> phone_at(std::string_view text, std::size_t at) {
  if (auto match = north_american(text, at)) return match;
  return international(text, at);
}

std::optional<std::string> parse_phone(std::string_view raw) {
  std::string_view text = trim(raw);
  // "Tel: ", "C ", "(h) " in front of the number
  const std::size_t start = text.find_first_of("+(0123456789");
  if (start == text.npos || start > 12) return std::nullopt;
  for (std::size_t at = start; at < text.size() && at <= start + 12; ++at) {
    if (text[at] != '+' && text[at] != '(' && !is_ascii_digit(text[at])) continue;
    const auto match = phone_at(text, at);
    if (!match) continue;
    const std::string_view rest = trim(text.substr(match->end));
    if (rest.find_first_of("0123456789") != rest.npos && rest.size() > 24) return std::nullopt;
    return match->value;
  }
  return std::nullopt;
}

}  // namespace sealift::census
