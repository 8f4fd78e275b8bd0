#include "readers/mail/mail_text.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace sealift::readers {
namespace {

std::vector<std::string_view> split_words(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(kSpaces, at);
    if (start == std::string_view::npos) break;
    at = std::min(text.find_first_of(kSpaces, start), text.size());
    words.push_back(text.substr(start, at - start));
  }
  return words;
}

}  // namespace

bool all_words_in(std::string_view words, std::string_view text) {
  const std::vector<std::string_view> known_words = split_words(text);
  const std::unordered_set<std::string_view> known(known_words.begin(), known_words.end());
  return std::ranges::all_of(split_words(words),
                             [&](std::string_view word) { return known.contains(word); });
}

}  // namespace sealift::readers
