// Ontario Education Number: nine digits, alone or 3-3-3 with spaces or dashes.
//
// Finds:    nine digits behind or below OEN, NISO, "Ontario Education Number"; nine grouped digits
//           of a "student number".
// Refuses:  anything without such a word: the check rule is published nowhere, so no digit tells.
// Evidence: keyword. A check digit is not asked for.
#include "census/detect/detectors.h"

namespace sealift::census::internal {

void detect_education_number(const Number& number, Search& search) {
  const bool grouped =
      number.starts_with({3, 3, 3}) && (number.joiners[0] == ' ' || number.joiners[0] == '-');
  if (!grouped && number.groups[0].size != 9) return;
  const std::size_t groups = grouped ? 3 : 1;
  if (!number.free_before() || !number.free_after(groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  constexpr std::uint32_t kWanted = Topic::education_number | Topic::student | Topic::sin |
                                    Topic::account | Topic::other_number | Topic::ssn;
  const auto hit = search.keywords.nearest(number.begin(), end, kWanted);
  if (!hit) return;
  if (hit->topic == Topic::education_number) {
    search.add(ElementType::ca_on_education_number, number.digits(groups), number.begin(), end,
               0.97, Reason::keyword | Reason::format);
  } else if (hit->topic == Topic::student && grouped) {
    search.add(ElementType::ca_on_education_number, number.digits(groups), number.begin(), end, 0.7,
               Reason::keyword | Reason::format);
  }
}

}  // namespace sealift::census::internal
