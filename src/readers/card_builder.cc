#include "readers/card_builder.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/utf8.h"

namespace sealift::readers {
namespace {

using document::Fact;
using document::FactKind;
using document::Party;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_identity(FactKind kind) {
  switch (kind) {
    case FactKind::full_name:
    case FactKind::last_name:
    case FactKind::first_name:
    case FactKind::middle_name:
    case FactKind::name_suffix:
    case FactKind::birth_date:
    case FactKind::health_number:
    case FactKind::social_insurance_number:
    case FactKind::social_security_number:
    case FactKind::nhs_number:
      return true;
    default:
      return false;
  }
}

// HL7 tables 0063 and 0131, v3 RoleCode, X12 elements 1069 and 1165; the words in both languages.
constexpr std::array<std::pair<std::string_view, Party>, 47> kRelationships = {{
    {"mth", Party::guardian},
    {"fth", Party::guardian},
    {"par", Party::guardian},
    {"prn", Party::guardian},
    {"grd", Party::guardian},
    {"guard", Party::guardian},
    {"prnfost", Party::guardian},
    {"stpprn", Party::guardian},
    {"nmth", Party::guardian},
    {"nfth", Party::guardian},
    {"gpr", Party::guardian},
    {"grprn", Party::guardian},
    {"mother", Party::guardian},
    {"father", Party::guardian},
    {"parent", Party::guardian},
    {"guardian", Party::guardian},
    {"mom", Party::guardian},
    {"dad", Party::guardian},
    {"mere", Party::guardian},
    {"m\xC3\xA8re", Party::guardian},
    {"pere", Party::guardian},
    {"p\xC3\xA8re", Party::guardian},
    {"tuteur", Party::guardian},
    {"tutrice", Party::guardian},
    {"spo", Party::spouse},
    {"sps", Party::spouse},
    {"dom", Party::spouse},
    {"husb", Party::spouse},
    {"wife", Party::spouse},
    {"husband", Party::spouse},
    {"spouse", Party::spouse},
    {"partner", Party::spouse},
    {"conjoint", Party::spouse},
    {"conjointe", Party::spouse},
    {"01", Party::spouse},
    {"53", Party::spouse},
    {"emc", Party::emergency_contact},
    {"c", Party::emergency_contact},
    {"econ", Party::emergency_contact},
    {"emergency", Party::emergency_contact},
    {"urgence", Party::emergency_contact},
    {"ep", Party::emergency_contact},
    {"23", Party::spouse},
    {"fam", Party::relative},
    {"sib", Party::relative},
    {"bro", Party::relative},
    {"sis", Party::relative},
}};

}  // namespace

void CardBuilder::add(Who who, FactKind kind, std::string_view value, std::string_view field) {
  value = trimmed(value);
  if (value.empty()) return;
  if (facts_.size() >= limits::kCardFactsMax) {
    cut_ = true;
    return;
  }
  if (value.size() > limits::kCardValueSizeMax) {
    value = value.substr(0, base::utf8_prefix_length(value.substr(0, limits::kCardValueSizeMax)));
    cut_ = true;
  }
  // What is said twice of somebody is one fact.
  const bool known = std::ranges::any_of(facts_, [&](const Fact& fact) {
    return fact.party == who.party && fact.ordinal == who.ordinal && fact.kind == kind &&
           fact.value == value;
  });
  if (!known)
    facts_.push_back({who.party, who.ordinal, kind, std::string(value), std::string(field)});
}

void CardBuilder::add_address(Who who, const AddressParts& parts, std::string_view field) {
  if (trimmed(parts.street).empty() && trimmed(parts.postal_code).empty()) return;
  std::string all(trimmed(parts.street));
  const auto append = [&](std::string_view separator, std::string_view part) {
    part = trimmed(part);
    if (part.empty()) return;
    if (!all.empty()) all += separator;
    all += part;
  };
  append(", ", parts.other);
  append(", ", parts.city);
  append(" ", parts.province);
  append(" ", parts.postal_code);
  add(who, FactKind::address, all, field);
}

bool CardBuilder::has(Who who, FactKind kind) const {
  return std::ranges::any_of(facts_, [&](const Fact& fact) {
    return fact.party == who.party && fact.ordinal == who.ordinal && fact.kind == kind;
  });
}

std::vector<Fact> CardBuilder::identity() const {
  std::vector<Fact> out;
  for (const Fact& fact : facts_)
    if (fact.party == Party::subject && is_identity(fact.kind)) out.push_back(fact);
  return out;
}

void CardBuilder::hand_on(Context& context, document::Place place) {
  if (!facts_.empty()) context.card({std::move(place), std::move(facts_)});
  facts_.clear();
}

Party party_of_relationship(std::string_view text) {
  const std::string all = lower(text);
  std::size_t begin = 0;
  while (begin < all.size()) {
    const std::size_t end = std::min(all.find_first_of(" ,;/()^-", begin), all.size());
    const std::string_view word = std::string_view(all).substr(begin, end - begin);
    const auto found =
        std::ranges::find(kRelationships, word, &std::pair<std::string_view, Party>::first);
    if (found != kRelationships.end()) return found->second;
    begin = end + 1;
  }
  return Party::relative;
}

bool says_self(std::string_view text) {
  const std::string word = lower(trimmed(text));
  return word == "sel" || word == "self" || word == "18" || word == "onself" || word == "subscr";
}

}  // namespace sealift::readers
