#include "census/people/people.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/check.h"
#include "census/kinds/dates.h"
#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"
#include "census/names/mailbox.h"
#include "census/names/match_name.h"
#include "census/people/resolve_doubts.h"
#include "census/people/resolve_features.h"

namespace sealift::census {
namespace {

constexpr int kAdultAge = 18;

// Types of which a person has one value: another that only OCR read is a misreading.
bool is_single(ElementType type) {
  return type == ElementType::birth_date || is_number_of_one_person(type);
}

struct Value {
  std::set<Evidence> evidence;
  bool read = false;  // at least once without OCR
  bool sure = false;  // at least once with day and month told apart
  float confidence = 0;
  Doubts doubts = 0;
};

using Values = std::map<std::string, Value>;

std::string swapped_date(const std::string& iso) {
  return iso.size() == 10 ? iso.substr(0, 5) + iso.substr(8, 2) + "-" + iso.substr(5, 2) : iso;
}

// A numeric date that reads both ways joins the reading that is sure elsewhere.
void settle_dates(Values& dates) {
  for (auto at = dates.begin(); at != dates.end();) {
    const auto other = dates.find(swapped_date(at->first));
    if (!at->second.sure && other != dates.end() && other != at && other->second.sure) {
      other->second.evidence.merge(at->second.evidence);
      at = dates.erase(at);
    } else {
      ++at;
    }
  }
}

void drop_misread(Values& values) {
  const bool any_read = std::ranges::any_of(values, [](const auto& v) { return v.second.read; });
  if (any_read) {
    std::erase_if(values, [](const auto& v) { return !v.second.read; });
    return;
  }
  const auto most =
      std::ranges::max_element(values, {}, [](const auto& v) { return v.second.evidence.size(); });
  if (most == values.end()) return;
  const std::string kept = most->first;
  std::erase_if(values, [&](const auto& v) { return v.first != kept; });
}

// Two writings of one address are one: the longest stands, with the evidence of all.
void join_addresses(Values& addresses) {
  std::map<std::string, std::string> longest;
  for (const auto& [value, unused] : addresses) {
    std::string& best = longest[street_key(value)];
    if (value.size() > best.size()) best = value;
  }
  for (auto at = addresses.begin(); at != addresses.end();) {
    const std::string key = street_key(at->first);
    const std::string& best = longest[key];
    if (key.empty() || best == at->first) {
      ++at;
      continue;
    }
    addresses[best].evidence.merge(at->second.evidence);
    at = addresses.erase(at);
  }
}

// A name that only OCR read, or a part of a name, joins the full one it stands for.
void join_names(Values& names) {
  const auto is_weak = [](const auto& name) {
    const MatchName parts = match_name(name.first);
    return !name.second.read || parts.given.empty() || parts.family.empty() ||
           parts.given.front().size() == 1;
  };
  const auto strongest = std::ranges::max_element(names, {}, [&](const auto& name) {
    return std::pair(!is_weak(name), name.second.evidence.size());
  });
  if (strongest == names.end() || is_weak(*strongest)) return;
  const std::string kept = strongest->first;
  for (auto at = names.begin(); at != names.end();) {
    if (at->first == kept || !is_weak(*at)) {
      ++at;
      continue;
    }
    names[kept].evidence.merge(at->second.evidence);
    at = names.erase(at);
  }
}

void set_birth_and_age(const std::map<ElementType, Values>& all, const std::vector<Record>& records,
                       std::string_view as_of, Person& person) {
  const auto dates = all.find(ElementType::birth_date);
  const std::size_t births = dates == all.end() ? 0 : dates->second.size();
  if (births == 1) person.birth_date = dates->second.begin()->first;
  bool child = false;
  bool adult = false;
  for (const Record& record : records) {
    if (record.deceased == true) person.deceased = true;
    if (record.minor) (*record.minor ? child : adult) = true;
    adult = adult || record.role == Role::guardian || record.role == Role::spouse ||
            record.role == Role::employee || record.role == Role::owner ||
            record.role == Role::staff;
  }
  const auto on = parse_iso_date(as_of);
  if (births > 0 && on) {
    std::set<bool> said;
    for (const auto& [date, unused] : dates->second)
      if (const auto born = parse_iso_date(date)) said.insert(age_on(*born, *on) < kAdultAge);
    if (said.size() == 1) person.minor = *said.begin();
  } else if (child != adult) {
    person.minor = child;
  }
}

bool spells_any(const std::string& mailbox, const std::vector<MatchName>& names) {
  return std::ranges::any_of(names, [&](const MatchName& name) { return spells(mailbox, name); });
}

// What speaks against each value being this person's.
void doubt_values(std::map<ElementType, Values>& all, const KnownDoubts& known, bool staff) {
  constexpr float kLittle = 0.6F;
  std::vector<MatchName> names;
  if (const auto named = all.find(ElementType::name); named != all.end())
    for (const auto& [name, unused] : named->second) names.push_back(match_name(name));
  for (auto& [type, values] : all) {
    Doubts of_type = 0;
    if (type == ElementType::birth_date && values.size() > 1)
      of_type = bit(Doubt::birth_dates_differ);
    if (kind_of(type).link == LinkKind::exclusive && values.size() > 1)
      of_type = bit(Doubt::several_values);
    for (auto& [text, value] : values) {
      value.doubts = of_type;
      if (type != ElementType::name && value.confidence < kLittle)
        value.doubts |= bit(Doubt::weak_reading);
      if (type == ElementType::email && spells_relative(text, names))
        value.doubts |= bit(Doubt::others_mailbox);
      if (known.of_values == nullptr) continue;
      const auto held = known.of_values->find(key_of_value(type, text));
      // A phone at work belongs to the staff who have it, even if others are said to have it.
      if (held != known.of_values->end() && !(staff && has(held->second, Doubt::many_holders)))
        value.doubts |= held->second;
      if (type == ElementType::email && spells_any(text, names))
        value.doubts &= static_cast<Doubts>(~bit(Doubt::others_mailbox));
    }
  }
}

bool is_work_contact(const std::vector<Record>& records) {
  return std::ranges::all_of(records,
                             [](const Record& r) { return r.work_data || r.role == Role::staff; });
}

std::map<ElementType, Values> values_of(const std::vector<Record>& records) {
  std::map<ElementType, Values> all;
  for (const Record& record : records) {
    for (const Element& element : record.elements) {
      Value& value = all[element.type][element.value];
      value.evidence.insert({record.path, element.locator});
      value.read = value.read || !element.recognised;
      value.sure = value.sure || !element.day_month_unsure;
      value.confidence = std::max(value.confidence, element.confidence);
    }
  }
  return all;
}

void set_names(const Values& names, Person& person) {
  for (const auto& [name, unused] : names) person.names.push_back(name);
  std::ranges::sort(person.names, [&](const std::string& a, const std::string& b) {
    const std::size_t in_a = names.at(a).evidence.size();
    const std::size_t in_b = names.at(b).evidence.size();
    return in_a != in_b ? in_a > in_b : a < b;
  });
}

}  // namespace

std::string_view to_string(PersonKind kind) {
  switch (kind) {
    case PersonKind::affected:
      return "affected";
    case PersonKind::name_only:
      return "name_only";
    case PersonKind::work_contact:
      return "work_contact";
  }
  return "";
}

Person person_of_records(const std::vector<Record>& records, std::string_view as_of,
                         const KnownDoubts& known) {
  SEALIFT_CHECK(!records.empty());
  Person person;
  for (const Record& record : records) person.records.push_back({record.path, record.ordinal});
  person.id = person_id(person.records.front());
  person.doubts = known.of_person;
  if (std::ranges::all_of(records, &Record::uncertain)) person.doubts |= bit(Doubt::weak_name);
  person.probability = probability_of_person(person.doubts);
  auto all = values_of(records);
  if (all.contains(ElementType::birth_date)) settle_dates(all[ElementType::birth_date]);
  for (auto& [type, values] : all)
    if (is_single(type)) drop_misread(values);
  if (all.contains(ElementType::address)) join_addresses(all[ElementType::address]);
  if (all.contains(ElementType::name)) join_names(all[ElementType::name]);
  const bool staff = is_work_contact(records);
  doubt_values(all, known, staff);
  set_birth_and_age(all, records, as_of, person);
  if (all.contains(ElementType::name)) set_names(all[ElementType::name], person);
  for (auto& [type, values] : all)
    for (auto& [value, held] : values)
      person.elements.push_back({type,
                                 value,
                                 {held.evidence.begin(), held.evidence.end()},
                                 held.doubts,
                                 probability_of_value(held.doubts)});
  const bool more = std::ranges::any_of(
      person.elements, [](const PersonElement& e) { return e.type != ElementType::name; });
  person.kind = staff  ? PersonKind::work_contact
                : more ? PersonKind::affected
                       : PersonKind::name_only;
  return person;
}

std::string person_id(const RecordKey& first_record) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto mix = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001B3ULL; };
  for (const char c : first_record.path) mix(static_cast<unsigned char>(c));
  for (int shift = 0; shift < 32; shift += 8)
    mix(static_cast<unsigned char>(first_record.ordinal >> shift));
  hash ^= hash >> 32;
  std::string id = "p";
  for (int shift = 44; shift >= 0; shift -= 4) id += "0123456789abcdef"[(hash >> shift) & 0xF];
  return id;
}

}  // namespace sealift::census
