// Ontario driver's licence: A1234-56789-01231, the surname's letter, then name codes and YYMMDD
// with 50 added to the month of women.
//
// Finds:    the shape with a possible date, grouped 1+4-5-5, or in a row with a keyword.
// Refuses:  an impossible month or day; fifteen characters in a row without a keyword.
// Evidence: format, date inside, keyword. There is no check digit.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

void detect_drivers_licence(const Number& number, Search& search) {
  const bool grouped = number.starts_with({4, 5, 5}) && number.joiners[0] != '/';
  if (!grouped && number.groups[0].size != 14) return;
  const std::string_view text = number.text;
  const std::size_t groups = grouped ? 3 : 1;
  std::size_t letter = number.begin();
  if (letter > 0 && text[letter - 1] == ' ' && grouped) --letter;
  if (letter == 0 || !is_ascii_letter(text[letter - 1])) return;
  --letter;
  if (letter > 0 &&
      (is_ascii_alnum(text[letter - 1]) || text[letter - 1] == '_' || text[letter - 1] == '-'))
    return;
  std::string value(1, ascii_upper(text[letter]));
  value += number.digits(groups);
  if (!on_drivers_licence_possible(value) || !number.free_after(groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  const bool keyword =
      search.keywords.nearest(letter, end, topics(Topic::drivers_licence)).has_value();
  if (keyword) {
    search.add(ElementType::ca_on_drivers_licence, value, letter, end, 0.99,
               Reason::keyword | Reason::format);
  } else if (grouped && is_ascii_upper(text[letter])) {
    search.add(ElementType::ca_on_drivers_licence, value, letter, end, 0.9,
               Reason::format | Reason::format);
  } else if (is_ascii_upper(text[letter])) {
    search.add(ElementType::ca_on_drivers_licence, value, letter, end, 0.3,
               Reason::format | Reason::format);
  }
}

}  // namespace sealift::census::internal
