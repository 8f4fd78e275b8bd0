// ASCII letters without regard to case, whatever the locale. Any thread.
#pragma once

#include <algorithm>
#include <string_view>

namespace sealift::base {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Whether two texts are equal but for the case of ASCII letters.
constexpr bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, ascii_lower, ascii_lower);
}

}  // namespace sealift::base
