// E-mail addresses as people have them: local@domain.tld, ASCII, lower-cased.
//
// Quoted local parts, addresses without a dot in the domain and IP literals are refused: in the
// field they are parts of other things. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::census {

struct EmailMatch {
  std::string value;
  std::size_t begin = 0, end = 0;
};

// The address around the '@' at `at`.
std::optional<EmailMatch> email_around(std::string_view text, std::size_t at);

// A cell or form value: an address, alone, in angle brackets, or behind "mailto:".
std::optional<std::string> parse_email(std::string_view raw);

}  // namespace sealift::census
