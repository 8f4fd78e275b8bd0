#include "census/names/name_rules.h"

#include <algorithm>

#include "census/kinds/address_words.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

bool is_thing(std::string_view folded) {
  constexpr std::string_view kThings[] = {
      "street", "st",         "road",      "rd",        "avenue",   "ave",        "drive",
      "dr",     "crescent",   "court",     "boulevard", "blvd",     "lane",       "school",
      "ps",     "ss",         "ces",       "css",       "hospital", "centre",     "center",
      "inc",    "ltd",        "llp",       "library",   "arena",    "park",       "river",
      "lake",   "university", "college",   "township",  "hall",     "foundation", "sons",
      "act",    "disease",    "syndrome",  "hotel",     "church",   "secondary",  "elementary",
      "public", "catholic",   "insurance", "bank",      "building", "room",       "committee",
      "board",  "group"};
  return std::ranges::find(kThings, folded) != std::end(kThings);
}

bool followed_by_thing(std::string_view text, std::size_t end, std::size_t words_between) {
  for (std::size_t words = 0; words <= words_between; ++words) {
    std::size_t at = end;
    while (at < text.size() && (text[at] == ' ' || text[at] == '&')) ++at;
    if (at == end) return false;
    std::size_t stop = at;
    while (stop < text.size() && is_ascii_letter(text[stop])) ++stop;
    if (stop == at || !is_ascii_upper(text[at])) return false;
    if (is_thing(fold(text.substr(at, stop - at)))) return true;
    end = stop;
  }
  return false;
}

bool is_program_word(std::string_view words) {
  std::size_t humps = 0;
  std::size_t small = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_ascii_letter(words[i]) && static_cast<unsigned char>(words[i]) < 0x80) small = 0;
    if (is_ascii_upper(words[i]) && i > 0 && is_ascii_lower(words[i - 1]))
      humps += small > 3 ? 2 : 1;
    small += is_ascii_lower(words[i]) ? 1 : 0;
  }
  return humps >= 2;
}

bool is_place(std::string_view words) {
  const std::string folded = fold_words(words);
  return (folded.find(' ') != folded.npos && is_known_city(folded)) ||
         words.starts_with("\xC3\x89.\xC3\x89.") || words.ends_with("\xC3\x89.\xC3\x89.");
}

}  // namespace sealift::census::internal
