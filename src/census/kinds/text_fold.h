// Latin text brought to plain lower-case ASCII, for comparing words whatever their accents and
// case.
//
// "Léa  Lévesque" -> "lea levesque", "Ильич" stays as it is, "ß" -> "ss", curly quotes and long
// dashes become ' and -. Bytes that are no UTF-8 are kept one by one. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::census {

struct CodePoint {
  char32_t value = 0;
  std::uint32_t size_bytes = 1;  // of its encoding; 1 for a byte that is no UTF-8
};

// `at` < text.size(). A byte that begins no well-formed character is returned as itself.
CodePoint code_point_at(std::string_view text, std::size_t at);

void append_utf8(std::string& to, char32_t code_point);

// As described above, character by character; spaces and punctuation stay.
std::string fold(std::string_view text);

// fold(), then everything but letters, digits and bytes over 0x7f becomes one space between words.
// Apostrophes and dots inside words vanish: "O'Brien" -> "obrien", "S.I.N." -> "sin".
std::string fold_words(std::string_view text);

// The words of fold_words().
std::vector<std::string> folded_words(std::string_view text);

// Latin letters in upper case, accents kept: "Élise" -> "ÉLISE".
std::string upper_latin(std::string_view text);

bool is_upper_latin(char32_t code_point);
bool is_lower_latin(char32_t code_point);
inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_ascii_letter(char c) { return is_ascii_upper(c) || is_ascii_lower(c); }
inline bool is_ascii_alnum(char c) { return is_ascii_letter(c) || is_ascii_digit(c); }
inline char ascii_lower(char c) { return is_ascii_upper(c) ? static_cast<char>(c + 32) : c; }
inline char ascii_upper(char c) { return is_ascii_lower(c) ? static_cast<char>(c - 32) : c; }

// The digits of `text`, everything else left out.
std::string digits_of(std::string_view text);

std::string_view trim(std::string_view text);

}  // namespace sealift::census
