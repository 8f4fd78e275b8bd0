// Telephone numbers: North American in every usual way of writing, others behind a plus sign.
//
//   (905) 555-0199   905-555-0199   905.555.0199   905 555 0199   1-905-555-0199   +1 905 555 0199
//   +44 20 7946 0958   +33 (0)1 23 45 67 89          followed by  x123, ext. 123, poste 123
//
// The value is E.164 ("+19055550199"), the extension left out. Ten digits in a row are a number
// only where something says so (a keyword, a column): the caller knows. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::census {

struct PhoneMatch {
  std::string value;
  std::size_t begin = 0, end = 0;
  bool plain = false;  // ten or eleven digits in a row
};

// A number that begins at `at`, with '+', '(' or a digit; nothing is judged before `at`.
std::optional<PhoneMatch> phone_at(std::string_view text, std::size_t at);

// A cell or form value; plain digits are accepted.
std::optional<std::string> parse_phone(std::string_view raw);

}  // namespace sealift::census
