// Canadian passport: AB123456 (before 2023) or A123456BC.
//
// Finds:    either shape behind or below the word passport / passeport.
// Refuses:  the shape without the word: product codes look the same.
// Evidence: keyword and format. There is no check digit.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

void detect_passport(const Number& number, Search& search) {
  if (number.groups[0].size != 6) return;
  const std::string_view text = number.text;
  std::size_t begin = number.begin();
  std::size_t end = number.end_of(0);
  std::size_t before = 0;
  if (begin >= 3 && text[begin - 1] == ' ' && is_ascii_letter(text[begin - 2]) &&
      is_ascii_letter(text[begin - 3]))
    --begin;
  while (before < 3 && begin > 0 && is_ascii_letter(text[begin - 1])) {
    --begin;
    ++before;
  }
  while (end < text.size() && is_ascii_letter(text[end]) && end - number.end_of(0) < 3) ++end;
  const bool in_word = (begin > 0 && (is_ascii_alnum(text[begin - 1]) || text[begin - 1] == '_')) ||
                       (end < text.size() && is_ascii_alnum(text[end]));
  if (in_word) return;
  std::string value;
  for (const char c : text.substr(begin, end - begin)) {
    if (c != ' ') value.push_back(ascii_upper(c));
  }
  if (!ca_passport_possible(value)) return;
  if (!search.keywords.nearest(begin, end, topics(Topic::passport))) return;
  search.add(ElementType::ca_passport, value, begin, end, 0.97, Reason::keyword | Reason::format);
}

}  // namespace sealift::census::internal
