#include "census/kinds/number.h"

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

// The joiner at `at` and its size in bytes; 0 for none.
char joiner_at(std::string_view text, std::size_t at, std::size_t* size) {
  const char c = text[at];
  *size = 1;
  if (c == ' ' || c == '-' || c == '.' || c == '/') return c;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  const CodePoint point = code_point_at(text, at);
  *size = point.size_bytes;
  if (point.value >= 0x2010 && point.value <= 0x2015) return '-';
  if (point.value == 0xA0 || point.value == 0x2007 || point.value == 0x2009 ||
      point.value == 0x202F)
    return ' ';
  return 0;
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_ascii_digit(text[end])) ++end;
  return end - at;
}

}  // namespace

bool Number::starts_with(std::initializer_list<std::size_t> sizes) const {
  if (sizes.size() > count) return false;
  std::size_t i = 0;
  for (const std::size_t size : sizes) {
    if (groups[i].size != size) return false;
    if (i > 0 && joiners[i - 1] != joiners[0]) return false;
    ++i;
  }
  return true;
}

bool Number::is(std::initializer_list<std::size_t> sizes) const {
  if (!starts_with(sizes)) return false;
  const std::size_t groups_used = sizes.size();
  if (count == groups_used) return true;
  const char next = joiners[groups_used - 1];
  return groups_used == 1 ? next == ' ' : next == ' ' && joiners[0] != ' ';
}

std::string Number::digits(std::size_t group_count) const {
  std::string out;
  for (std::size_t i = 0; i < group_count; ++i)
    out.append(text.substr(groups[i].begin, groups[i].size));
  return out;
}

bool Number::free_before() const {
  const std::size_t at = begin();
  if (at == 0) return true;
  const char c = text[at - 1];
  if (is_ascii_alnum(c) || static_cast<unsigned char>(c) >= 0xC3) return false;
  if (c == '_' || c == '.' || c == '/' || c == '-' || c == '\\' || c == '+' || c == '$' ||
      c == '@' || c == '%') {
    return (c == '-' || c == '.') && (at < 2 || text[at - 2] == ' ');
  }
  return true;
}

bool Number::free_after(std::size_t group_count) const {
  const std::size_t end = end_of(group_count - 1);
  if (end >= text.size()) return true;
  const char c = text[end];
  if (is_ascii_alnum(c) || c == '_' || c == '%' || c == '@' ||
      static_cast<unsigned char>(c) == 0xC3)
    return false;
  if (c == '.' || c == '-' || c == '/' || c == ',' || c == ':') {
    return end + 1 >= text.size() || !is_ascii_alnum(text[end + 1]) ||
           (c == ',' && !is_ascii_digit(text[end + 1]));
  }
  return true;
}

Number number_at(std::string_view text, std::size_t at) {
  Number number;
  number.text = text;
  std::size_t next = at;
  while (number.count < kGroupsMax) {
    const std::size_t size = digits_from(text, next);
    number.groups[number.count] = {next, size};
    if (size == 0 || size > kDigitsInGroupMax) break;
    ++number.count;
    next += size;
    std::size_t joiner_size = 0;
    if (next >= text.size()) break;
    const char joiner = joiner_at(text, next, &joiner_size);
    if (joiner == 0 || next + joiner_size >= text.size() ||
        !is_ascii_digit(text[next + joiner_size]))
      break;
    number.joiners[number.count - 1] = joiner;
    next += joiner_size;
  }
  return number;
}

}  // namespace sealift::census::internal
