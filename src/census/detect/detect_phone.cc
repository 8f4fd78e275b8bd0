// Telephone numbers (census/kinds/phone.h).
//
// Finds:    North American numbers written as such; international ones behind "+"; ten digits in a
//           row behind a word for a telephone.
// Refuses:  parts of longer chains of digits, service codes, ten digits without a word near.
// Evidence: format, keyword.
#include "census/detect/detectors.h"
#include "census/kinds/phone.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

void detect_phone(const Number& number, Search& search) {
  const std::string_view text = number.text;
  std::size_t begin = number.begin();
  if (begin > 0 && (text[begin - 1] == '(' || text[begin - 1] == '+')) --begin;
  if (begin >= 1 && text[begin] == '(' && text[begin - 1] == '+') --begin;
  const char before = begin > 0 ? text[begin - 1] : ' ';
  if (is_ascii_alnum(before) || before == '_' || before == '-' || before == '.' || before == '/' ||
      before == '\\' || before == '+') {
    return;
  }
  const auto match = phone_at(text, begin);
  if (!match) return;
  std::size_t after_digits = match->end;
  if (after_digits < text.size() && (text[after_digits] == '_' || text[after_digits] == '/'))
    return;
  const bool keyword = search.keywords.nearest(begin, match->end, topics(Topic::phone)).has_value();
  if (match->plain) {
    const auto hit = search.keywords.nearest(
        begin, match->end,
        Topic::phone | Topic::health_number | Topic::other_number | Topic::account);
    const bool extension = match->end - begin > 12;  // nothing but a telephone has one
    if (!extension && (!hit || hit->topic != Topic::phone)) return;
    search.add(ElementType::phone, match->value, begin, match->end, 0.9,
               Reason::keyword | Reason::format);
    return;
  }
  search.add(ElementType::phone, match->value, begin, match->end, keyword ? 0.99 : 0.93,
             keyword ? Reason::keyword | Reason::format : Reason::format | Reason::format);
}

}  // namespace sealift::census::internal
