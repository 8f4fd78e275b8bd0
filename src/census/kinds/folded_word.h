// Words of a text, folded letter by letter into a small buffer: for looking up phrases without
// memory of their own. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

// Longer words are cut: no phrase has them.
template <std::size_t kSizeMax>
struct FoldedWord {
  std::array<char, kSizeMax> letters{};
  std::size_t size = 0;
  std::size_t begin = 0, end = 0;  // in the text

  std::string_view view() const { return {letters.data(), size}; }
  void add(char letter) {
    if (size < kSizeMax) letters[size++] = letter;
  }
};

// A byte that begins a letter: ASCII, or anything beyond the signs of U+0080 to U+00BF.
inline bool begins_letter(char c) {
  return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0xC3;
}

// Where the next letter begins, from `at` on; `limit` for none before it.
inline std::size_t next_letter(std::string_view text, std::size_t at, std::size_t limit) {
  while (at < limit && !begins_letter(text[at])) ++at;
  return at;
}

struct FoldedLetter {
  char letter = '?';  // for one that is no single plain letter
  std::uint32_t size_bytes = 1;
};

// `text[at]` begins a letter.
inline FoldedLetter folded_letter(std::string_view text, std::size_t at) {
  if (is_ascii_letter(text[at])) return {ascii_lower(text[at]), 1};
  const CodePoint point = code_point_at(text, at);
  const std::string folded = fold(text.substr(at, point.size_bytes));
  return {folded.size() == 1 ? folded[0] : '?', point.size_bytes};
}

constexpr std::size_t first_word_size(std::string_view phrase) {
  std::size_t size = 0;
  while (size < phrase.size() && phrase[size] != ' ') ++size;
  return size;
}

}  // namespace sealift::census::internal
