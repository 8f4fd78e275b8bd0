#include "census/detect/cell_rules.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "census/kinds/address.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/email.h"
#include "census/kinds/phone.h"
#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"

namespace sealift::census {
namespace {

constexpr std::size_t kCellSizeBytesMax = 400;

// Letters in upper case and digits, when `raw` has nothing else but separators; empty otherwise.
std::string letters_and_digits(std::string_view raw) {
  std::string out;
  const bool plain = std::ranges::all_of(raw, [](char c) { return (c & 0x80) == 0; });
  const std::string folded = plain ? "" : fold(raw);
  const std::string_view text = trim(plain ? raw : std::string_view(folded));
  out.reserve(text.size());
  for (const char c : text) {
    if (is_ascii_alnum(c)) {
      out.push_back(ascii_upper(c));
    } else if (c != ' ' && c != '-' && c != '.' && c != '/') {
      return {};
    }
  }
  return out;
}

// Ten digits, and at most two letters behind them.
std::string health_digits(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view version = text.substr(digits);
  if (digits != 10 || version.size() > 2 || !std::ranges::all_of(version, is_ascii_upper))
    return {};
  return std::string(text.substr(0, digits));
}

// A value that says nothing: "N/A", "none", "-", "unknown".
bool is_blank_word(std::string_view raw) {
  constexpr std::string_view kBlank[] = {
      "",    "na",    "n a",    "none",           "nil", "unknown", "tbd",       "null",    "same",
      "s o", "aucun", "aucune", "not applicable", "no",  "non",     "not known", "inconnu", "blank",
      "0",   "nka",   "nkda"};
  return std::ranges::find(kBlank, fold_words(raw)) != std::end(kBlank);
}

std::optional<std::string> words_of(std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.size() > kCellSizeBytesMax || is_blank_word(text)) return std::nullopt;
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) out.push_back(c);
    if (space && !out.empty() && out.back() != ' ') out.push_back(' ');
  }
  return out;
}

std::optional<std::string> password_of(std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.size() < 3 || text.size() > 128 || is_blank_word(text)) return std::nullopt;
  if (text.find_first_of(" \t\n") != text.npos && text.size() < 12) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> when(bool holds, std::string_view value) {
  if (!holds || value.empty()) return std::nullopt;
  return std::string(value);
}

// The value of a number's type in what letters_and_digits() left; nullopt for other types too.
std::optional<std::string> number_shape(ElementType type, std::string_view text) {
  const bool all_digits = std::ranges::all_of(text, is_ascii_digit);
  const std::string_view digits = all_digits ? text : std::string_view();
  switch (type) {
    // Nine digits of which an Excel cell has lost leading zeros can't be told from shorter numbers.
    case ElementType::ca_sin:
    case ElementType::ca_on_education_number:
      return when(digits.size() == 9, digits);
    case ElementType::us_ssn:
      return when(ssn_possible(digits), digits);
    case ElementType::ca_on_health_number: {
      const std::string number = health_digits(text);
      return when(!number.starts_with('0'), number);
    }
    case ElementType::ca_bc_health_number: {
      const std::string number = health_digits(text);
      return when(number.starts_with('9'), number);
    }
    case ElementType::uk_nhs_number:
      return when(digits.size() == 10, digits);
    case ElementType::ca_qc_health_number:
      return when(qc_health_number_shape(text), text);
    case ElementType::ca_on_drivers_licence:
      return when(on_drivers_licence_possible(text), text);
    case ElementType::ca_passport:
      return when(ca_passport_possible(text), text);
    case ElementType::iban: {
      const bool shape = text.size() >= 15 && text.size() <= 34 && is_ascii_upper(text[0]) &&
                         is_ascii_upper(text[1]) && is_ascii_digit(text[2]) &&
                         is_ascii_digit(text[3]);
      return when(shape, text);
    }
    case ElementType::ca_bank_account:
      return when(ca_bank_account_possible(digits), digits);
    case ElementType::payment_card:
      return when(payment_card_shape(digits), digits);
    case ElementType::property_roll:
      return when(property_roll_possible(digits), digits);
    default:
      return std::nullopt;
  }
}

// Types that number_shape() knows.
constexpr ElementType kNumberTypes[] = {
    ElementType::ca_sin,
    ElementType::ca_on_education_number,
    ElementType::us_ssn,
    ElementType::ca_on_health_number,
    ElementType::ca_bc_health_number,
    ElementType::uk_nhs_number,
    ElementType::ca_qc_health_number,
    ElementType::ca_on_drivers_licence,
    ElementType::ca_passport,
    ElementType::iban,
    ElementType::ca_bank_account,
    ElementType::payment_card,
    ElementType::property_roll,
};

bool passes_check(ElementType type, std::string_view value) {
  switch (type) {
    case ElementType::ca_sin:
      return sin_valid(value);
    case ElementType::ca_on_health_number:
      return on_health_number_valid(value);
    case ElementType::ca_bc_health_number:
      return bc_health_number_valid(value);
    case ElementType::ca_qc_health_number:
      return qc_health_number_valid(value);
    case ElementType::uk_nhs_number:
      return nhs_number_valid(value);
    case ElementType::iban:
      return iban_valid(value);
    case ElementType::payment_card:
      return payment_card_valid(value);
    default:
      return true;
  }
}

// Whether a wrong check digit rules the type out. RAMQ letters and date say enough by themselves.
bool check_decides(ElementType type) { return type != ElementType::ca_qc_health_number; }

bool has_check(ElementType type) {
  return type == ElementType::ca_sin || type == ElementType::ca_on_health_number ||
         type == ElementType::ca_bc_health_number || type == ElementType::ca_qc_health_number ||
         type == ElementType::uk_nhs_number || type == ElementType::iban ||
         type == ElementType::payment_card;
}

// "046-454-286" -> "3-3-3"; letters count as their own groups.
std::string grouping(std::string_view raw) {
  std::string out;
  std::size_t run = 0;
  for (const char c : trim(raw)) {
    if (is_ascii_alnum(c)) {
      ++run;
    } else if (run > 0) {
      out.append(std::to_string(run)).push_back('-');
      run = 0;
    }
  }
  if (run > 0) out.append(std::to_string(run));
  return out;
}

// Types whose shape alone few other columns have.
bool shape_proves(ElementType type) {
  return type == ElementType::email || type == ElementType::ca_qc_health_number ||
         type == ElementType::iban || type == ElementType::ca_on_drivers_licence;
}

}  // namespace

std::optional<std::string> normalise_shape(ElementType type, std::string_view raw,
                                           const DateHint& hint) {
  if (raw.size() > kCellSizeBytesMax) return std::nullopt;
  switch (type) {
    case ElementType::name: {
      const auto name = parse_person_name(raw);
      return name ? std::optional(name->display()) : std::nullopt;
    }
    case ElementType::birth_date: {
      const auto date = parse_date(raw, hint);
      return date ? std::optional(date->date.iso()) : std::nullopt;
    }
    case ElementType::address: {
      const auto address = parse_address(raw);
      return address ? std::optional(address->normalised()) : std::nullopt;
    }
    case ElementType::phone:
      return parse_phone(raw);
    case ElementType::email:
      return parse_email(raw);
    case ElementType::credential:
      return password_of(raw);
    case ElementType::student_record:
    case ElementType::health_record:
    case ElementType::employment_record:
    case ElementType::religion:
    case ElementType::citizenship:
      return words_of(raw);
    default:
      return number_shape(type, letters_and_digits(raw));
  }
}

std::optional<std::string> normalise(ElementType type, std::string_view raw, const DateHint& hint) {
  auto value = normalise_shape(type, raw, hint);
  if (value && check_decides(type) && !passes_check(type, *value)) return std::nullopt;
  return value;
}

double check_score(ElementType type, std::string_view raw) {
  const auto value = normalise_shape(type, raw);
  if (!value) return 0;
  const bool check = has_check(type) && passes_check(type, *value);
  if (has_check(type) && !check) return type == ElementType::ca_qc_health_number ? 0.7 : 0.02;
  const std::string groups = grouping(raw);
  switch (type) {
    case ElementType::email:
    case ElementType::iban:
      return 0.99;
    case ElementType::ca_qc_health_number:
      return 0.97;
    case ElementType::address:
      return 0.9;
    case ElementType::payment_card:
      return groups == "16" || groups == "15" ? 0.7 : 0.95;
    case ElementType::ca_sin:
      return groups == "3-3-3" ? 0.6 : 0.35;
    case ElementType::ca_on_health_number:
      return health_version_code(raw) ? 0.9 : groups == "4-3-3" ? 0.8 : 0.4;
    case ElementType::ca_bc_health_number:
    case ElementType::uk_nhs_number:
      return groups == "10" ? 0.35 : 0.6;
    case ElementType::ca_on_drivers_licence:
      return groups == "5-5-5" ? 0.95 : 0.75;
    case ElementType::phone:
      return groups == "10" || groups == "11" ? 0.2 : 0.9;
    case ElementType::property_roll:
      return groups.find('-') != groups.npos ? 0.95 : 0.4;
    case ElementType::us_ssn:
      return groups == "3-2-4" ? 0.7 : 0.08;
    case ElementType::ca_passport:
    case ElementType::birth_date:
    case ElementType::name:
      return 0.4;
    case ElementType::ca_on_education_number:
      return groups == "3-3-3" ? 0.3 : 0.1;
    default:
      return 0.1;
  }
}

std::optional<std::string> health_version_code(std::string_view raw) {
  const std::string all = letters_and_digits(raw);
  if (health_digits(all).empty()) return std::nullopt;
  if (all.size() == 10) return std::nullopt;
  return all.substr(10);
}

namespace {

void count_shapes(std::string_view value, ColumnEvidence& evidence) {
  const auto count_of = [&](ElementType type) -> TypeCount& {
    return evidence.counts[static_cast<std::size_t>(type)];
  };
  if (value.size() > kCellSizeBytesMax) return;
  const bool digit = std::ranges::any_of(value, is_ascii_digit);
  if (digit && parse_address(value)) ++count_of(ElementType::address).shape;
  if (digit && parse_phone(value)) ++count_of(ElementType::phone).shape;
  if (value.find('@') != value.npos && parse_email(value)) ++count_of(ElementType::email).shape;
  if (!digit) return;
  const std::string text = letters_and_digits(value);
  if (text.empty()) return;
  for (const ElementType type : kNumberTypes) {
    const auto shaped = number_shape(type, text);
    if (!shaped) continue;
    TypeCount& count = count_of(type);
    ++count.shape;
    if (has_check(type) && passes_check(type, *shaped)) ++count.check;
  }
}

}  // namespace

ColumnEvidence column_evidence(const std::vector<std::string_view>& values) {
  ColumnEvidence evidence;
  std::set<std::string_view> distinct;
  for (const std::string_view raw : values) {
    const std::string_view value = trim(raw);
    if (value.empty()) continue;
    ++evidence.values;
    distinct.insert(value);
    count_shapes(value, evidence);
  }
  evidence.distinct = static_cast<std::uint32_t>(distinct.size());
  return evidence;
}

std::optional<ElementType> ColumnEvidence::proven() const {
  constexpr std::uint32_t kDistinctMin = 6;  // one in ten to the sixth
  if (distinct < kDistinctMin) return std::nullopt;
  std::optional<ElementType> best;
  std::uint32_t best_count = 0;
  for (const ElementType type : all_element_types()) {
    const TypeCount& count = of(type);
    const bool checked = has_check(type) && count.check * 100 >= count.shape * 97;
    const bool fits = count.shape * 10 >= values * 9 && (checked || shape_proves(type));
    if (fits && count.shape > best_count) {
      best = type;
      best_count = count.shape;
    }
  }
  return best;
}

double ColumnEvidence::probability(ElementType type, double prior) const {
  if (values == 0) return prior;
  const TypeCount& count = of(type);
  const double bounded = std::clamp(prior, 1e-4, 1 - 1e-4);
  // a tenth of a column may be typing errors or other things; more speaks against it
  const double shape_for = 2.0 * count.shape - 6.0 * (values - count.shape);
  double log_odds = std::log(bounded / (1 - bounded)) + std::clamp(shape_for, -12.0, 2.0);
  if (has_check(type)) {
    const double check_for = 2.28 * count.check - 3.8 * (count.shape - count.check);
    log_odds += std::clamp(check_for, -16.0, 12.0);
  }
  return 1 / (1 + std::exp(-log_odds));
}

}  // namespace sealift::census
