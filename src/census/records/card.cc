#include "census/records/card.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/limits.h"
#include "census/detect/cell_rules.h"
#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"
#include "census/records/form_fields.h"
#include "census/records/record_place.h"

namespace sealift::census {
namespace {

using document::Fact;
using document::FactKind;
using document::Party;

// What is said of one party.
struct Person {
  Party party = Party::subject;
  std::uint8_t ordinal = 0;
  std::string surname, given, middle, suffix, name_locator;
  Record record;
};

// The form field whose rules judge a kind of fact; nullopt for those that have rules of their own.
std::optional<Field> field_of(FactKind kind) {
  switch (kind) {
    case FactKind::birth_date:
      return Field::birth_date;
    case FactKind::address:
      return Field::address;
    case FactKind::phone:
      return Field::phone;
    case FactKind::email:
      return Field::email;
    case FactKind::health_number:
      return Field::health_number;
    case FactKind::social_insurance_number:
      return Field::sin;
    case FactKind::social_security_number:
      return Field::ssn;
    case FactKind::nhs_number:
      return Field::nhs_number;
    case FactKind::drivers_licence:
      return Field::drivers_licence;
    case FactKind::passport:
      return Field::passport;
    case FactKind::education_number:
      return Field::education_number;
    case FactKind::iban:
      return Field::iban;
    case FactKind::bank_account:
      return Field::bank_account;
    case FactKind::payment_card:
      return Field::payment_card;
    case FactKind::religion:
      return Field::religion;
    case FactKind::citizenship:
      return Field::citizenship;
    default:
      return std::nullopt;
  }
}

std::optional<ElementType> plain_type_of(FactKind kind) {
  switch (kind) {
    case FactKind::health_record:
      return ElementType::health_record;
    case FactKind::student_record:
      return ElementType::student_record;
    case FactKind::employment_record:
      return ElementType::employment_record;
    case FactKind::credential:
      return ElementType::credential;
    default:
      return std::nullopt;
  }
}

class Reader {
 public:
  Reader(const document::Card& card, const DateHint& dates, std::string_view region)
      : card_(card), dates_(dates), region_(region) {}

  std::vector<Record> records() {
    for (const Fact& fact : card_.facts) take(fact);
    std::vector<Record> out;
    std::vector<Party> parties;
    std::ranges::stable_sort(people_, {},
                             [](const Person& p) { return p.party != Party::subject; });
    for (Person& person : people_) {
      if (!finish(person)) continue;
      person.record.ordinal = static_cast<std::uint32_t>(out.size());
      parties.push_back(person.party);
      out.push_back(std::move(person.record));
    }
    relate(out, parties);
    return out;
  }

 private:
  Person& person_of(const Fact& fact) {
    for (Person& person : people_)
      if (person.party == fact.party && person.ordinal == fact.ordinal) return person;
    Person& person = people_.emplace_back();
    person.party = fact.party;
    person.ordinal = fact.ordinal;
    return person;
  }

  std::string locator_of(const Fact& fact) const {
    std::string locator = place_locator(card_.place);
    if (!locator.empty()) locator += ';';
    return locator + "field=" + fact.field;
  }

  void take(const Fact& fact);
  void take_value(const Fact& fact, Person& person) const;
  bool finish(Person& person) const;
  void relate(std::vector<Record>& records, const std::vector<Party>& parties) const;
  bool may_be_minor(const Record& record) const;

  const document::Card& card_;
  const DateHint& dates_;
  std::string_view region_;
  std::vector<Person> people_;
};

void keep(std::string& part, const Fact& fact) {
  if (part.empty()) part = std::string(trim(fact.value));
}

void Reader::take(const Fact& fact) {
  Person& person = person_of(fact);
  switch (fact.kind) {
    case FactKind::last_name:
      keep(person.surname, fact);
      break;
    case FactKind::first_name:
      keep(person.given, fact);
      break;
    case FactKind::middle_name:
      keep(person.middle, fact);
      break;
    case FactKind::name_suffix:
      keep(person.suffix, fact);
      break;
    case FactKind::full_name:
    case FactKind::other_name:
      if (const auto name = parse_person_name(fact.value))
        person.record.elements.push_back(
            {.type = ElementType::name, .value = name->display(), .locator = locator_of(fact)});
      return;
    case FactKind::deceased:
    case FactKind::death_date:
      person.record.deceased = true;
      return;
    default:
      return take_value(fact, person);
  }
  if (person.name_locator.empty()) person.name_locator = locator_of(fact);
}

void Reader::take_value(const Fact& fact, Person& person) const {
  Element element{.value = fact.value, .locator = locator_of(fact)};
  if (const auto plain = plain_type_of(fact.kind)) {
    element.type = *plain;
    person.record.elements.push_back(std::move(element));
    return;
  }
  FieldValue field;
  field.meaning.field = *field_of(fact.kind);
  field.meaning.confidence = 1;
  field.value = fact.value;
  auto typed = typed_value(field, dates_);
  // Canadian systems keep the insurance number in the field that the standard made for the SSN.
  if (fact.kind == FactKind::social_security_number && region_.starts_with("CA")) {
    field.meaning.field = Field::sin;
    if (auto insurance = typed_value(field, dates_)) typed = std::move(insurance);
  }
  if (!typed) return;
  element.type = typed->type;
  element.value = std::move(typed->value);
  element.day_month_unsure = typed->day_month_unsure;
  person.record.elements.push_back(std::move(element));
}

Role role_of(Party party, const Record& record) {
  switch (party) {
    case Party::guardian:
      return Role::guardian;
    case Party::spouse:
      return Role::spouse;
    case Party::child:
      return Role::child;
    case Party::emergency_contact:
      return Role::emergency_contact;
    case Party::staff:
      return Role::staff;
    case Party::subject:
    case Party::relative:
      break;
  }
  const auto has = [&](std::initializer_list<ElementType> types) {
    return std::ranges::any_of(record.elements, [&](const Element& element) {
      return std::ranges::find(types, element.type) != types.end();
    });
  };
  if (party == Party::relative) return Role::subject;
  if (has({ElementType::health_record, ElementType::ca_on_health_number,
           ElementType::ca_bc_health_number, ElementType::ca_qc_health_number,
           ElementType::uk_nhs_number}))
    return Role::patient;
  if (has({ElementType::student_record, ElementType::ca_on_education_number})) return Role::student;
  return has({ElementType::employment_record}) ? Role::employee : Role::subject;
}

// The name goes first. False: nobody is named or numbered.
bool Reader::finish(Person& person) const {
  Record& record = person.record;
  if (!person.surname.empty() || !person.given.empty()) {
    if (auto name = person_name_of_parts(person.given, person.middle, person.surname)) {
      if (name->suffix.empty()) name->suffix = person.suffix;
      record.elements.insert(
          record.elements.begin(),
          {.type = ElementType::name, .value = name->display(), .locator = person.name_locator});
    }
  }
  const bool known = std::ranges::any_of(record.elements, [](const Element& element) {
    return element.type == ElementType::name || is_number_of_one_person(element.type);
  });
  record.role = role_of(person.party, record);
  record.work_data = person.party == Party::staff;
  if (person.party == Party::child) record.minor = true;
  return known;
}

// A mother who is next of kin is a guardian while her child is one: without a birth date, or with
// one that leaves room for the age of the file.
bool Reader::may_be_minor(const Record& record) const {
  constexpr int kGrownFor = 25;
  for (const Element& element : record.elements) {
    if (element.type != ElementType::birth_date) continue;
    const auto born = parse_iso_date(element.value);
    if (born) return age_on(*born, dates_.as_of) < kGrownFor;
  }
  return true;
}

void Reader::relate(std::vector<Record>& records, const std::vector<Party>& parties) const {
  if (records.size() > limits::kCensusRelatedMax) return;
  const bool minor = !records.empty() && may_be_minor(records.front());
  for (std::uint32_t a = 0; a < records.size(); ++a) {
    for (std::uint32_t b = 0; b < records.size(); ++b) {
      if (a == b) continue;
      const bool guards =
          (parties[a] == Party::subject && parties[b] == Party::guardian && minor) ||
          (parties[a] == Party::child && parties[b] == Party::subject);
      const bool guarded =
          (parties[b] == Party::subject && parties[a] == Party::guardian && minor) ||
          (parties[b] == Party::child && parties[a] == Party::subject);
      const bool outsider = parties[a] == Party::staff || parties[b] == Party::staff ||
                            parties[a] == Party::emergency_contact ||
                            parties[b] == Party::emergency_contact;
      if (guards) {
        records[a].relations.push_back({Relation::Kind::guardian, b});
      } else if (a < b && !guarded) {
        records[a].relations.push_back(
            {outsider ? Relation::Kind::other_person : Relation::Kind::household, b});
      }
    }
  }
}

}  // namespace

std::vector<Record> records_of_card(const document::Card& card, const DateHint& dates,
                                    std::string_view region) {
  return Reader(card, dates, region).records();
}

}  // namespace sealift::census
