// Payment card: 13 to 19 digits of a known network, in a row or grouped as printed on cards.
//
// Finds:    network, length and Luhn digit right: grouped by dashes, or with a word for a card
// near;
//           grouped by spaces it is a candidate.
// Refuses:  published test numbers; sixteen digits in a row without a word near.
// Evidence: check digit, network, grouping, keyword.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"

namespace sealift::census::internal {

void detect_payment_card(const Number& number, Search& search) {
  std::size_t groups = 0;
  if (number.starts_with({4, 4, 4, 4})) groups = 4;
  if (number.starts_with({4, 6, 5}) || number.starts_with({4, 6, 4})) groups = 3;
  if (number.groups[0].size >= 13 && number.groups[0].size <= 19) groups = 1;
  if (groups == 0) return;
  const std::string digits = number.digits(groups);
  if (!payment_card_valid(digits) || !number.free_before() || !number.free_after(groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  const auto hit = search.keywords.nearest(number.begin(), end, topics(Topic::card));
  const bool dashes = groups > 1 && number.joiners[0] == '-';
  if (hit) {
    search.add(ElementType::payment_card, digits, number.begin(), end, 0.99,
               Reason::keyword | Reason::check_digit);
  } else if (dashes && number.count == groups) {
    search.add(ElementType::payment_card, digits, number.begin(), end, 0.9,
               Reason::format | Reason::check_digit);
  } else if (groups > 1 && number.count == groups && number.joiners[0] == ' ') {
    search.add(ElementType::payment_card, digits, number.begin(), end, 0.4,
               Reason::format | Reason::check_digit);
  }
}

}  // namespace sealift::census::internal
