// Quebec health insurance number (RAMQ): ABCD 1234 5678, three letters of the surname, one of the
// given name, YYMMDD (women's months plus 50), sequence, check digit.
//
// Finds:    four capitals and eight digits with a possible date: with a word for a health number
//           near, or grouped by spaces with a check digit that holds.
// Refuses:  an impossible month or day; ungrouped letters and digits without a word near.
// Evidence: format, date inside, check digit (public sources disagree on women: both are taken),
// keyword.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {

void detect_qc_health_number(const Number& number, Search& search) {
  std::size_t groups = 0;
  if (number.groups[0].size == 8) groups = 1;
  if (number.starts_with({4, 4}) || number.starts_with({6, 2})) groups = 2;
  if (groups == 0) return;
  const std::string_view text = number.text;
  std::size_t at = number.begin();
  const bool spaced = at > 0 && (text[at - 1] == ' ' || text[at - 1] == '-');
  if (spaced) --at;
  if (at < 4) return;
  const std::string_view letters = text.substr(at - 4, 4);
  const bool word_before = at > 4 && (is_ascii_alnum(text[at - 5]) || text[at - 5] == '_');
  const std::string value = std::string(letters) + number.digits(groups);
  if (word_before || !qc_health_number_shape(value) || !number.free_after(groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  constexpr std::uint32_t kWords =
      Topic::health_number | Topic::qc_health_number | Topic::bc_health_number;
  const bool keyword = search.keywords.nearest(at - 4, end, kWords).has_value();
  const bool check = qc_health_number_valid(value);
  const bool grouped = groups == 2 && spaced;
  if (keyword) {
    search.add(ElementType::ca_qc_health_number, value, at - 4, end, check ? 0.99 : 0.9,
               check ? Reason::keyword | Reason::check_digit : Reason::keyword | Reason::format);
  } else if (check) {
    search.add(ElementType::ca_qc_health_number, value, at - 4, end, grouped ? 0.9 : 0.4,
               Reason::format | Reason::check_digit);
  }
}

}  // namespace sealift::census::internal
