#include "census/detect/cell_rules.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "census/kinds/address.h"
#include "census/kinds/email.h"
#include "census/kinds/kind.h"
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

// The value of a number's kind in what letters_and_digits() left; nullopt for other kinds too.
std::optional<std::string> number_shape(const Kind& kind, std::string_view text) {
  if (kind.shape == nullptr) return std::nullopt;
  std::string value = kind.shape(text);
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

bool passes_check(const Kind& kind, std::string_view value) {
  return kind.passes == nullptr || kind.passes(value);
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

bool has_grouping(const Strength& strength, std::string_view groups) {
  if (strength.groupings == "-") return groups.find('-') != groups.npos;
  for (std::string_view rest = strength.groupings; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    if (groups == one) return true;
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return false;
}

}  // namespace

std::optional<std::string> normalise_shape(ElementType type, std::string_view raw,
                                           const DateHint& hint) {
  if (raw.size() > kCellSizeBytesMax) return std::nullopt;
  const Kind& kind = kind_of(type);
  switch (kind.form) {
    case Form::name: {
      const auto name = parse_person_name(raw);
      return name ? std::optional(name->display()) : std::nullopt;
    }
    case Form::date: {
      const auto date = parse_date(raw, hint);
      return date ? std::optional(date->date.iso()) : std::nullopt;
    }
    case Form::address: {
      const auto address = parse_address(raw);
      return address ? std::optional(address->normalised()) : std::nullopt;
    }
    case Form::phone:
      return parse_phone(raw);
    case Form::email:
      return parse_email(raw);
    case Form::password:
      return password_of(raw);
    case Form::words:
      return words_of(raw);
    case Form::number:
      break;
  }
  return number_shape(kind, letters_and_digits(raw));
}

std::optional<std::string> normalise(ElementType type, std::string_view raw, const DateHint& hint) {
  auto value = normalise_shape(type, raw, hint);
  const Kind& kind = kind_of(type);
  if (value && kind.check == Check::decides && !passes_check(kind, *value)) return std::nullopt;
  return value;
}

double check_score(ElementType type, std::string_view raw) {
  const auto value = normalise_shape(type, raw);
  if (!value) return 0;
  const Kind& kind = kind_of(type);
  if (!passes_check(kind, *value)) return kind.check == Check::adds ? 0.7 : 0.02;
  if (type == ElementType::ca_on_health_number && health_version_code(raw)) return 0.9;
  const Strength& strength = kind.strength;
  return has_grouping(strength, grouping(raw)) ? strength.grouped : strength.usual;
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
  for (const Kind& kind : kinds()) {
    const auto shaped = number_shape(kind, text);
    if (!shaped) continue;
    TypeCount& count = count_of(kind.type);
    ++count.shape;
    if (kind.check != Check::none && passes_check(kind, *shaped)) ++count.check;
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
  for (const Kind& kind : kinds()) {
    const TypeCount& count = of(kind.type);
    const bool checked = kind.check != Check::none && count.check * 100 >= count.shape * 97;
    const bool fits = count.shape * 10 >= values * 9 && (checked || kind.shape_proves);
    if (fits && count.shape > best_count) {
      best = kind.type;
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
  if (kind_of(type).check != Check::none) {
    const double check_for = 2.28 * count.check - 3.8 * (count.shape - count.check);
    log_odds += std::clamp(check_for, -16.0, 12.0);
  }
  return 1 / (1 + std::exp(-log_odds));
}

}  // namespace sealift::census
