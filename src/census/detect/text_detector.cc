#include "census/detect/text_detector.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "census/detect/detect_names.h"
#include "census/detect/detect_records.h"
#include "census/detect/detectors.h"
#include "census/detect/overlaps.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

using internal::Number;
using internal::Search;

// Where the next digit or '@' is at or after `at`; text.size() for none. Eight bytes a step.
std::size_t next_anchor(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = 0x8080808080808080;
  while (at + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    // bytes '0'..'9' are 0x30..0x39: adding 0x46 to the seven low bits sets the top from ':' on,
    // adding 0x50 sets it from '0' on
    const std::uint64_t low = word & ~kTops;
    const std::uint64_t from_zero = low + kOnes * 0x50;
    const std::uint64_t above_nine = low + kOnes * 0x46;
    const std::uint64_t digits = from_zero & ~above_nine & ~word & kTops;
    const std::uint64_t no_at = (low ^ (kOnes * '@')) + kOnes * 0x7F;
    const std::uint64_t ats = ~no_at & ~word & kTops;
    const std::uint64_t hits = digits | ats;
    if (hits != 0) {
      static_assert(std::endian::native == std::endian::little);
      return at + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
    }
    at += 8;
  }
  while (at < text.size() && !is_ascii_digit(text[at]) && text[at] != '@') ++at;
  return at;
}

// A group of digits that nothing joins on to and that is no part of "(905) 555-0100": is it a
// number of some length that a detector takes? Then a word must stand near, or an extension behind.
bool may_be_identifier(const Number& number, Search& search) {
  const std::size_t size = number.groups[0].size;
  const std::size_t begin = number.begin();
  const char before = begin > 0 ? number.text[begin - 1] : ' ';
  if (before == '(' || before == '+' || size == 1) return true;
  if (size < 7 || size > 19) return false;
  const std::size_t end = number.end_of(0);
  if (search.keywords.any_near(begin, end)) return true;
  if (size != 10 && size != 11) return false;
  const std::size_t behind = std::min(number.text.find_first_not_of(" ,", end), number.text.size());
  return behind < number.text.size() && is_ascii_letter(number.text[behind]);
}

void detect_at_digits(const Number& number, Search& search) {
  internal::detect_phone(number, search);
  internal::detect_sin(number, search);
  internal::detect_education_number(number, search);
  internal::detect_health_number(number, search);
  internal::detect_ssn(number, search);
  internal::detect_bank_account(number, search);
  internal::detect_payment_card(number, search);
  internal::detect_property_roll(number, search);
}

void detect_at_number(const Number& number, Search& search) {
  if (number.count > 1 || may_be_identifier(number, search)) detect_at_digits(number, search);
  const std::size_t begin = number.begin();
  const char before = begin > 0 ? number.text[begin - 1] : ' ';
  if (is_ascii_letter(before) || before == ' ' || before == '-') {
    internal::detect_qc_health_number(number, search);
    internal::detect_drivers_licence(number, search);
    internal::detect_passport(number, search);
    internal::detect_iban(number, search);
  }
  if (search.context->scope == Scope::everything) internal::detect_address(number, search);
}

void detect_numbers(Search& search) {
  const std::string_view text = search.text;
  for (std::size_t at = next_anchor(text, 0); at < text.size(); at = next_anchor(text, at)) {
    if (text[at] == '@') {
      internal::detect_email(at++, search);
      continue;
    }
    const Number number = internal::number_at(text, at);
    if (number.count > 0) detect_at_number(number, search);
    at += number.groups[0].size;
  }
}

}  // namespace

std::vector<Finding> TextDetector::detect(std::string_view text, const TextContext& context) const {
  using Reading = internal::KeywordIndex::Reading;
  const Reading reading =
      context.scope == Scope::everything ? Reading::whole : Reading::near_numbers;
  Search search{text, &context, internal::KeywordIndex(text, reading), {}};
  detect_numbers(search);
  if (context.scope == Scope::everything) {
    internal::detect_birth_dates(search);
    internal::detect_names(*models_, search);
    internal::detect_records(search);
  }
  return internal::resolve(std::move(search.found));
}

}  // namespace sealift::census
