// Words, numbers and breaks of a stretch of text that may be an address. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::census::internal {

enum class AddressTokenKind : std::uint8_t {
  word,     // letters, with inner hyphens, apostrophes and dots
  number,   // digits
  mixed,    // letters and digits: "L1N", "12A", "5th"
  comma,    // or a semicolon-free separator inside an address: ", " "(" ")"
  newline,  // one line break
  hash,     // "#"
  dash,     // a dash between tokens
  stop,     // anything that ends an address: a full stop, a tab, a wide gap, an empty line
};

struct AddressToken {
  AddressTokenKind kind = AddressTokenKind::stop;
  std::size_t begin = 0, end = 0;
  bool capital = false;  // begins with an upper-case letter
  bool dotted = false;   // a dot followed: "St."
  std::string folded;    // empty for separators
};

// The tokens from `at` on, the last one a stop; at most `tokens_max`.
std::vector<AddressToken> address_tokens(std::string_view text, std::size_t at,
                                         std::size_t tokens_max);

}  // namespace sealift::census::internal
