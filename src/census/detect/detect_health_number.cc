// Health numbers of ten digits: Ontario (4-3-3, version code behind), British Columbia, NHS
// (3-3-4).
//
// Finds:    ten digits whose check rule holds, behind or below a word for a health number. The
// check
//           rules tell Ontario (Luhn), British Columbia (9..., modulo 11) and NHS (modulo 11)
//           apart; where two hold, the word or else the region decides.
// Refuses:  no word near, except 4-3-3 with a version code of two letters and a check digit (then a
//           candidate); a wrong check digit; numbers of orders, parts, drawings.
// Evidence: keyword; check digit; grouping; version code.
#include "census/detect/cell_rules.h"
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::uint32_t kHealth =
    Topic::health_number | Topic::bc_health_number | Topic::nhs_number | Topic::qc_health_number;
constexpr std::uint32_t kRivals = Topic::other_number | Topic::phone | Topic::account | Topic::roll;

// Where the version code behind `end` ends; `end` itself when there is none.
std::size_t after_version_code(std::string_view text, std::size_t end) {
  std::size_t at = end;
  if (at < text.size() && (text[at] == ' ' || text[at] == '-')) ++at;
  std::size_t letters = 0;
  while (at + letters < text.size() && is_ascii_upper(text[at + letters])) ++letters;
  if (letters == 0 || letters > 2) return end;
  at += letters;
  const bool part_of_word =
      at < text.size() && (is_ascii_alnum(text[at]) || text[at] == '_' || text[at] == '-');
  return part_of_word ? end : at;
}

ElementType type_of(std::string_view digits, Topic topic, std::string_view region) {
  const bool on = on_health_number_valid(digits);
  const bool bc = bc_health_number_valid(digits);
  const bool nhs = nhs_number_valid(digits);
  if (topic == Topic::nhs_number && nhs) return ElementType::uk_nhs_number;
  if (topic == Topic::bc_health_number && bc) return ElementType::ca_bc_health_number;
  if (on && !(bc && region == "CA-BC")) return ElementType::ca_on_health_number;
  if (bc) return ElementType::ca_bc_health_number;
  return nhs ? ElementType::uk_nhs_number : ElementType::ca_on_health_number;
}

}  // namespace

void detect_health_number(const Number& number, Search& search) {
  std::size_t groups = 0;
  if (number.groups[0].size == 10) {
    groups = 1;
  } else if (number.starts_with({4, 3, 3}) || number.starts_with({3, 3, 4})) {
    groups = 3;
  }
  if (groups == 0 || (groups == 3 && number.joiners[0] == '/')) return;
  const std::string digits = number.digits(groups);
  const bool on = on_health_number_valid(digits);
  const bool bc = bc_health_number_valid(digits);
  const bool nhs = nhs_number_valid(digits);
  if ((!on && !bc && !nhs) || !number.free_before()) return;
  const std::size_t digits_end = number.end_of(groups - 1);
  const std::size_t end = after_version_code(number.text, digits_end);
  if (end == digits_end && !number.free_after(groups)) return;
  const auto hit = search.keywords.nearest(number.begin(), digits_end, kHealth | kRivals);
  if (hit && (topics(hit->topic) & kHealth) != 0) {
    // an NHS number needs its own word: to a Canadian writer modulo 11 alone is chance
    if (!on && !bc && hit->topic != Topic::nhs_number) return;
    search.add(type_of(digits, hit->topic, search.context->region), digits, number.begin(), end,
               0.98, Reason::keyword | Reason::check_digit);
  } else if (!hit && on && end > digits_end && number.is({4, 3, 3})) {
    search.add(ElementType::ca_on_health_number, digits, number.begin(), end, 0.4,
               Reason::format | Reason::check_digit);
  }
}

}  // namespace sealift::census::internal
