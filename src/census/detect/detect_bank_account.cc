// Canadian bank account: 7 to 12 digits beside an institution (3 digits) and a transit (5 digits).
//
// Finds:    the number behind the word account when bank, transit, institution or deposit is near;
//           transit-institution-account in one chain ("01862-004-7651484", "004 01862 7651484").
// Refuses:  account numbers of a ledger, a customer, a utility: no bank word near.
// Evidence: keywords; an institution that takes part in payments. There is no check digit.
// The value is the account's digits alone.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kBankWordReach = 240;  // a form's row above and below

// The account's group in a chain of transit, institution and account; 0 when it is no such chain.
std::size_t account_in_chain(const Number& number) {
  if (number.count < 3) return 0;
  const std::size_t first = number.groups[0].size;
  const std::size_t second = number.groups[1].size;
  const bool order = (first == 5 && second == 3) || (first == 3 && second == 5);
  if (!order || !ca_bank_account_possible(number.digits(3).substr(8))) return 0;
  const std::string eight = number.digits(2);
  return ca_bank_institution_known(first == 5 ? eight.substr(5) : eight.substr(0, 3)) ? 2 : 0;
}

}  // namespace

void detect_bank_account(const Number& number, Search& search) {
  if (const std::size_t group = account_in_chain(number); group != 0 && number.free_before()) {
    const std::size_t end = number.end_of(group);
    if ((search.keywords.around(number.begin(), end, kBankWordReach) &
         (Topic::bank | Topic::account)) != 0) {
      search.add(ElementType::ca_bank_account, number.digits(3).substr(8), number.begin(), end,
                 0.95, Reason::keyword | Reason::format);
    }
    return;
  }
  const std::string digits = number.digits(1);
  if (!ca_bank_account_possible(digits) || !number.free_before() || !number.free_after(1)) return;
  const std::size_t end = number.end_of(0);
  constexpr std::uint32_t kWanted = Topic::account | Topic::other_number | Topic::bank |
                                    Topic::sin | Topic::phone | Topic::education_number |
                                    Topic::health_number | Topic::card;
  const auto hit = search.keywords.nearest(number.begin(), end, kWanted);
  if (!hit || hit->topic != Topic::account) return;
  const std::uint32_t around = search.keywords.around(number.begin(), end, kBankWordReach);
  if ((around & topics(Topic::bank)) == 0) return;
  search.add(ElementType::ca_bank_account, digits, number.begin(), end, 0.93,
             Reason::keyword | Reason::format);
}

}  // namespace sealift::census::internal
