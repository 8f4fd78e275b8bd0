// Social Insurance Number: nine digits, alone or 3-3-3 with spaces or dashes.
//
// Finds:    those whose Luhn digit holds and whose first digit is issued (1-7, 9).
// Refuses:  no keyword near, unless grouped 3-3-3 (then a candidate for its neighbours to confirm);
//           nearer words of another number (OEN, account, order, part, business number); a program
//           account behind it (RC0001).
// Evidence: keyword SIN / social insurance / NAS; check digit.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"

namespace sealift::census::internal {
namespace {

constexpr std::uint32_t kRivals = Topic::education_number | Topic::other_number | Topic::account |
                                  Topic::student | Topic::ssn | Topic::passport |
                                  Topic::health_number;

bool has_program_account(const Number& number, std::size_t groups) {
  std::size_t at = number.end_of(groups - 1);
  if (at < number.text.size() && number.text[at] == ' ') ++at;
  const std::string_view code = number.text.substr(std::min(at, number.text.size()), 2);
  return code == "RC" || code == "RT" || code == "RP" || code == "RM" || code == "RR";
}

}  // namespace

void detect_sin(const Number& number, Search& search) {
  const bool grouped =
      number.starts_with({3, 3, 3}) && (number.joiners[0] == ' ' || number.joiners[0] == '-');
  if (!grouped && number.groups[0].size != 9) return;
  const std::size_t groups = grouped ? 3 : 1;
  const std::string digits = number.digits(groups);
  if (!sin_valid(digits) || !number.free_before() || !number.free_after(groups)) return;
  if (has_program_account(number, groups)) return;
  const std::size_t end = number.end_of(groups - 1);
  const auto hit = search.keywords.nearest(number.begin(), end, kRivals | Topic::sin);
  if (hit && hit->topic == Topic::sin) {
    search.add(ElementType::ca_sin, digits, number.begin(), end, 0.99,
               Reason::keyword | Reason::check_digit);
  } else if (!hit && grouped && number.is({3, 3, 3})) {
    search.add(ElementType::ca_sin, digits, number.begin(), end, 0.3,
               Reason::format | Reason::check_digit);
  }
}

}  // namespace sealift::census::internal
