// US Social Security Number: ddd-dd-dddd, or nine digits behind the word.
//
// Finds:    what could have been issued, behind or below SSN / social security; grouped 3-2-4
// without
//           a word it is a candidate.
// Refuses:  areas 000, 666, 9xx, group 00, serial 0000, numbers printed on samples.
// Evidence: keyword, format. There is no check digit.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"

namespace sealift::census::internal {

void detect_ssn(const Number& number, Search& search) {
  const bool grouped =
      number.starts_with({3, 2, 4}) && (number.joiners[0] == '-' || number.joiners[0] == ' ');
  if (!grouped && number.groups[0].size != 9) return;
  const std::size_t groups = grouped ? 3 : 1;
  const std::string digits = number.digits(groups);
  if (!ssn_possible(digits) || !number.free_before() || !number.free_after(groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  constexpr std::uint32_t kRivals = Topic::sin | Topic::other_number | Topic::account |
                                    Topic::education_number | Topic::phone | Topic::student;
  const auto hit = search.keywords.nearest(number.begin(), end, kRivals | Topic::ssn);
  if (hit && hit->topic == Topic::ssn) {
    search.add(ElementType::us_ssn, digits, number.begin(), end, grouped ? 0.98 : 0.9,
               Reason::keyword | Reason::format);
  } else if (!hit && grouped && number.joiners[0] == '-' && number.is({3, 2, 4})) {
    search.add(ElementType::us_ssn, digits, number.begin(), end, 0.3,
               Reason::format | Reason::format);
  }
}

}  // namespace sealift::census::internal
