// Ontario assessment roll number: county, municipality, map, subdivision, parcel and "0000".
//
// Finds:    18-13-034-024-23895-0000 and 1813-034-024-23895-0000 with their groups; 19 or 15 digits
//           in a row behind the words roll or assessment.
// Refuses:  a first pair of digits that is no county; digits in a row without a word near.
// Evidence: grouping, keyword. There is no check digit.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"

namespace sealift::census::internal {

void detect_property_roll(const Number& number, Search& search) {
  std::size_t groups = 0;
  if (number.starts_with({2, 2, 3, 3, 5, 4})) {
    groups = 6;
  } else if (number.starts_with({4, 3, 3, 5, 4}) || number.starts_with({2, 2, 3, 3, 5})) {
    groups = 5;
  } else if (number.starts_with({4, 3, 3, 5})) {
    groups = 4;
  } else if (number.groups[0].size == 19 || number.groups[0].size == 15) {
    groups = 1;
  }
  if (groups == 0 || !number.free_before() || !number.free_after(groups)) return;
  const std::string digits = number.digits(groups);
  if (!property_roll_possible(digits)) return;
  const std::size_t end = number.end_of(groups - 1);
  if (groups > 1) {
    search.add(ElementType::property_roll, digits, number.begin(), end, groups == 4 ? 0.8 : 0.97,
               Reason::format | Reason::format);
  } else if (search.keywords.nearest(number.begin(), end, topics(Topic::roll))) {
    search.add(ElementType::property_roll, digits, number.begin(), end, 0.95,
               Reason::keyword | Reason::format);
  }
}

}  // namespace sealift::census::internal
