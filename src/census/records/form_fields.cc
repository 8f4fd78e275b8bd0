#include "census/records/form_fields.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "census/detect/cell_rules.h"
#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"
#include "census/names/match_name.h"
#include "census/records/empty_answers.h"

namespace sealift::census {
namespace {

// Faith Bateman and Grace Street are people: two words must say it in full.
bool is_plain_label(std::string_view value) {
  const auto label = field_of_header(value);
  const bool one_word = trim(value).find(' ') == std::string_view::npos;
  return label && label->confidence >= (one_word ? 0.6 : 0.95);
}

// "R Asha a besoin d'appui en lecture.": more words in small letters than a long name has.
bool is_sentence(std::string_view value) {
  constexpr std::size_t kWordsMin = 6;
  constexpr std::size_t kSmallMin = 3;
  std::size_t words = 0;
  std::size_t small = 0;
  char before = ' ';
  for (const char c : value) {
    if (before == ' ' && c != ' ') ++words;
    if (before == ' ' && is_ascii_lower(c)) ++small;
    before = c;
  }
  return words >= kWordsMin && small >= kSmallMin && small < words;
}

// A label where a value should be, or an organisation's name.
bool is_no_name(std::string_view value) {
  const std::vector<std::string> words = folded_words(value);
  if (words.empty() || is_sentence(value) || is_plain_label(value)) return true;
  constexpr std::array<std::string_view, 14> kEndings = {
      "ps",  "ss",     "hs",      "ces",        "css",   "ep",  "es",
      "inc", "school", "college", "department", "board", "ltd", "elementary"};
  return words.front() == "ecole" ||
         std::ranges::find(kEndings, std::string_view(words.back())) != kEndings.end();
}

// "ROE, Ann c/o": what follows is where the mail goes.
std::string_view without_care_of(std::string_view value) {
  const std::size_t at = std::min(value.find(" c/o"), value.find(" C/O"));
  return at == std::string_view::npos ? value : value.substr(0, at);
}

bool is_ascii_digit_in(std::string_view value) {
  return std::ranges::any_of(value, is_ascii_digit);
}

struct NamedAt {
  std::string name;
  std::string locator;
};

// A number that one person alone has.
bool is_strong(const Element& element) {
  switch (element.type) {
    case ElementType::ca_sin:
    case ElementType::ca_on_health_number:
    case ElementType::ca_bc_health_number:
    case ElementType::ca_qc_health_number:
    case ElementType::ca_on_education_number:
    case ElementType::ca_on_drivers_licence:
    case ElementType::ca_passport:
    case ElementType::us_ssn:
    case ElementType::uk_nhs_number:
    case ElementType::iban:
    case ElementType::payment_card:
      return true;
    default:
      return false;
  }
}

struct FullName {
  PersonName name;
  std::string locator;
};

// Everything that a form says about one of its people.
struct Group {
  Subject subject = Subject::self;
  std::uint8_t ordinal = 0;
  std::string given, middle, surname, suffix, name_locator;
  std::vector<std::vector<FullName>> full_names;  // of each field that asks for one
  std::string street_number, street, unit, city, province, postal, address_locator;
  std::vector<Element> elements;
  std::string relationship;
  bool student = false, patient = false, employee = false;
  std::optional<bool> deceased, minor;

  bool has_name() const { return !full_names.empty() || !given.empty() || !surname.empty(); }
};

class Reader {
 public:
  explicit Reader(const FieldContext& context) : context_(context) {}

  void take(const FieldValue& field) {
    if (says_nothing(field.value)) return;
    Group* found = &group_of(field.meaning);
    if (names_another(field, *found)) found = &add_group(field.meaning);
    Group& group = *found;
    if (take_name(field, group) || take_address(field, group) || take_fact(field, group)) return;
    take_values(field, group);
  }

  std::vector<Record> records();

 private:
  Group& group_of(const HeaderMeaning& meaning) {
    const auto fits = [&](const Group& group) {
      return group.subject == meaning.subject &&
             (group.ordinal == meaning.ordinal || meaning.ordinal == 0);
    };
    // "Owner tel." beside "Owner 1" and "Owner 2" is the first one's; of guardians who are not
    // numbered the last one named.
    if (meaning.subject == Subject::owner) {
      if (const auto at = std::ranges::find_if(groups_, fits); at != groups_.end()) return *at;
    } else {
      for (std::size_t i = groups_.size(); i-- > 0;)
        if (fits(groups_[i])) return groups_[i];
    }
    return add_group(meaning);
  }

  Group& add_group(const HeaderMeaning& meaning) {
    Group& group = groups_.emplace_back();
    group.subject = meaning.subject;
    group.ordinal = meaning.ordinal;
    return group;
  }

  // Does the field name another than the group's person? "Mother/Father: ...", "Other parent: ..."
  static bool names_another(const FieldValue& field, const Group& group) {
    if (field.meaning.field != Field::full_name || field.meaning.ordinal != 0 ||
        group.subject == Subject::self || group.full_names.empty() || is_no_name(field.value))
      return false;
    const auto name = parse_person_name(field.value, field.name_order);
    return name && !compare_names(match_name(group.full_names.front().front().name.display()),
                                  match_name(name->display()))
                        .compatible();
  }

  static bool take_name(const FieldValue& field, Group& group);
  static bool take_address(const FieldValue& field, Group& group);
  bool take_fact(const FieldValue& field, Group& group) const;
  void take_values(const FieldValue& field, Group& group) const;
  void add(Group& group, ElementType type, std::string value, const std::string& locator) const;
  void finish_address(Group& group) const;
  void share_unnamed_values();
  std::vector<Record> records_of_group(const Group& group) const;
  Role role_of(const Group& group) const;

  const FieldContext& context_;
  std::vector<Group> groups_;
};

void Reader::add(Group& group, ElementType type, std::string value,
                 const std::string& locator) const {
  group.elements.push_back({.type = type,
                            .value = std::move(value),
                            .locator = locator,
                            .confidence = 1,
                            .recognised = context_.recognised});
}

bool Reader::take_name(const FieldValue& field, Group& group) {
  const auto keep = [&](std::string& part) {
    if (part.empty()) part = std::string(trim(field.value));
    if (group.name_locator.empty()) group.name_locator = field.locator;
    return true;
  };
  switch (field.meaning.field) {
    case Field::first_name:
      return keep(group.given);
    case Field::middle_name:
    case Field::initials:
      return keep(group.middle);
    case Field::last_name:
      return keep(group.surname);
    case Field::name_suffix:
      return keep(group.suffix);
    case Field::name_title:
    case Field::former_name:
      return true;
    case Field::full_name:
      if (is_no_name(field.value)) return true;
      if (auto names = parse_person_names(without_care_of(field.value), field.name_order);
          !names.empty()) {
        auto& together = group.full_names.emplace_back();
        for (PersonName& name : names) together.push_back({std::move(name), field.locator});
      }
      return true;
    default:
      return false;
  }
}

bool Reader::take_address(const FieldValue& field, Group& group) {
  const auto keep = [&](std::string& part) {
    if (part.empty()) part = std::string(trim(field.value));
    if (group.address_locator.empty()) group.address_locator = field.locator;
    return true;
  };
  switch (field.meaning.field) {
    case Field::address:
    case Field::street:
      return keep(group.street);
    case Field::street_number:
      return keep(group.street_number);
    case Field::unit:
      return keep(group.unit);
    case Field::city:
      return keep(group.city);
    case Field::province:
      return keep(group.province);
    case Field::postal_code:
      return keep(group.postal);
    case Field::country:
      return true;
    default:
      return false;
  }
}

// What tells about the person without being a value to normalise.
bool Reader::take_fact(const FieldValue& field, Group& group) const {
  const std::string value(trim(field.value));
  switch (field.meaning.field) {
    case Field::homeroom:
      if (context_.patients) return true;  // the room of a resident
      [[fallthrough]];
    case Field::grade:
    case Field::student_number:
      group.student = true;
      add(group, ElementType::student_record,
          field.meaning.field == Field::grade ? "grade " + value : value, field.locator);
      return true;
    case Field::student_note:
      group.student = true;
      add(group, ElementType::student_record, value, field.locator);
      return true;
    case Field::diagnosis:
    case Field::medication:
    case Field::allergy:
    case Field::vaccine:
    case Field::health_note:
      if (!says_no(value)) add(group, ElementType::health_record, value, field.locator);
      return true;
    case Field::position:
      group.employee = true;
      add(group, ElementType::employment_record, value, field.locator);
      return true;
    case Field::salary:
      group.employee = true;
      if (is_ascii_digit_in(value))
        add(group, ElementType::employment_record, "salary " + value, field.locator);
      return true;
    case Field::employee_number:
    case Field::hire_date:
      group.employee = true;
      return true;
    case Field::deceased:
      group.deceased = !says_no(value);
      return true;
    case Field::death_date:
      group.deceased = parse_date(value, context_.dates).has_value();
      return true;
    case Field::relationship:
      group.relationship = fold_words(value);
      return true;
    case Field::age: {
      const std::string digits = digits_of(value);
      if (!digits.empty() && digits.size() <= 3) group.minor = std::stoi(digits) < 18;
      return true;
    }
    default:
      return false;
  }
}

// "905-555-0100 / 416-555-0101; 905-555-0102"
std::vector<std::string> several(std::string_view value) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= value.size()) {
    const std::size_t end = std::min(value.find_first_of("/;,\n|", begin), value.size());
    if (const std::string_view part = trim(value.substr(begin, end - begin)); !part.empty())
      parts.emplace_back(part);
    begin = end + 1;
  }
  return parts;
}

void Reader::take_values(const FieldValue& field, Group& group) const {
  const auto take_one = [&](const std::string& value) {
    FieldValue one = field;
    one.value = value;
    const auto typed = typed_value(one, context_.dates);
    if (!typed) return false;
    add(group, typed->type, typed->value, field.locator);
    group.elements.back().day_month_unsure = typed->day_month_unsure;
    if (typed->type == ElementType::ca_on_education_number) group.student = true;
    return true;
  };
  if (take_one(field.value)) return;
  if (field.meaning.field == Field::phone || field.meaning.field == Field::email)
    for (const std::string& value : several(field.value)) take_one(value);
}

void Reader::finish_address(Group& group) const {
  if (group.street.empty()) return;
  std::string all = group.unit.empty() ? "" : "UNIT " + group.unit + ", ";
  if (!group.street_number.empty() && !is_ascii_digit(group.street.front()))
    all += group.street_number + " ";
  all += group.street;
  for (const std::string* part : {&group.city, &group.province})
    if (!part->empty()) all += (part == &group.city ? ", " : " ") + *part;
  if (!group.postal.empty()) all += " " + group.postal;
  if (auto address = normalise(ElementType::address, all))
    add(group, ElementType::address, *std::move(address), group.address_locator);
}

// A guardian's phone without a guardian's name is the child's contact; what a form about somebody
// says of "the child" without naming another is theirs; an address beside owners is every owner's.
void Reader::share_unnamed_values() {
  const auto self = std::ranges::find(groups_, Subject::self, &Group::subject);
  const bool self_named = self != groups_.end() && self->has_name();
  const bool has_guardian = std::ranges::any_of(groups_, [](const Group& group) {
    return group.subject == Subject::guardian && group.has_name();
  });
  for (Group& group : groups_) {
    if (group.has_name() || !self_named || group.subject == Subject::self ||
        group.subject == Subject::staff)
      continue;
    const bool is_self = group.subject == Subject::child && (has_guardian || self->student);
    for (Element& element : group.elements)
      if (is_self || element.type == ElementType::phone || element.type == ElementType::email)
        self->elements.push_back(std::move(element));
    std::erase_if(group.elements,
                  [&](const Element& e) { return e.value.empty() || !is_strong(e); });
    if (is_self) self->student = self->student || group.student;
  }
  if (self == groups_.end() || self_named) return;
  bool given_away = false;
  for (Group& group : groups_) {
    if (group.subject != Subject::owner || !group.has_name()) continue;
    group.elements.insert(group.elements.end(), self->elements.begin(), self->elements.end());
    given_away = true;
  }
  if (given_away) self->elements.clear();
}

Role Reader::role_of(const Group& group) const {
  switch (group.subject) {
    case Subject::child:
      return Role::child;
    case Subject::guardian:
      return Role::guardian;
    case Subject::spouse:
      return Role::spouse;
    case Subject::emergency_contact:
      return Role::emergency_contact;
    case Subject::staff:
      return Role::staff;
    case Subject::owner:
      return Role::owner;
    case Subject::self:
      break;
  }
  if (context_.work_directory) return Role::staff;
  if (group.student || context_.students) return Role::student;
  if (context_.patients) return Role::patient;
  return group.employee ? Role::employee : Role::subject;
}

// The people that a group names, each with the writings of one name. Fields that ask twice for a
// name ("Name", "Legal name") name one person, unless the names are two people's.
std::vector<std::vector<NamedAt>> names_of(const Group& group) {
  std::vector<std::vector<NamedAt>> people;
  if (!group.given.empty() || !group.surname.empty()) {
    if (auto name = person_name_of_parts(group.given, group.middle, group.surname)) {
      if (name->suffix.empty()) name->suffix = group.suffix;
      people.push_back({{name->display(), group.name_locator}});
    }
  }
  if (!people.empty()) return people;
  for (const std::vector<FullName>& field : group.full_names) {
    for (const FullName& full : field) {
      const std::string shown = full.name.display();
      const MatchName match = match_name(shown);
      const auto known = std::ranges::find_if(people, [&](const std::vector<NamedAt>& person) {
        return field.size() == 1 &&
               compare_names(match_name(person.front().name), match).compatible();
      });
      if (known == people.end()) {
        people.push_back({{shown, full.locator}});
      } else if (known->front().name != shown) {
        known->push_back({shown, full.locator});
      }
    }
  }
  return people;
}

bool is_identity(const Element& element) {
  return element.type == ElementType::name || element.type == ElementType::email ||
         identifies(kind_of(element.type));
}

// Of what one person has alone, the `at`th of `count` people keeps their own: as many values as
// people are one each, in order; fewer are the first one's.
void keep_own(std::vector<Element>& elements, std::size_t at, std::size_t count) {
  std::array<std::size_t, kElementTypes> totals{};
  for (const Element& element : elements) ++totals[static_cast<std::size_t>(element.type)];
  std::array<std::size_t, kElementTypes> seen{};
  std::erase_if(elements, [&](const Element& element) {
    const auto type = static_cast<std::size_t>(element.type);
    const bool own = element.type == ElementType::birth_date ||
                     element.type == ElementType::email || is_strong(element);
    if (!own) return false;
    return totals[type] == count ? seen[type]++ != at : at != 0;
  });
  // One phone beside two owners is at most likely the first one's.
  constexpr float kPerhaps = 0.5F;
  for (Element& element : elements)
    if (at != 0 && element.type == ElementType::phone) element.confidence = kPerhaps;
}

std::vector<Record> Reader::records_of_group(const Group& group) const {
  Record record;
  record.role = role_of(group);
  record.work_data = group.subject == Subject::staff || context_.work_directory;
  record.minor = group.minor;
  record.deceased = group.deceased;
  record.elements = group.elements;
  if (record.role == Role::student && !record.minor) record.minor = true;
  if (record.role == Role::child && !record.minor) record.minor = true;
  if (context_.students && group.subject == Subject::self &&
      std::ranges::none_of(record.elements,
                           [](const Element& e) { return e.type == ElementType::student_record; }))
    record.elements.push_back({.type = ElementType::student_record,
                               .value = "student list",
                               .locator = group.name_locator,
                               .recognised = context_.recognised});
  const std::vector<std::vector<NamedAt>> people = names_of(group);
  std::vector<Record> records;
  for (std::size_t at = 0; at < people.size(); ++at) {
    Record one = record;
    if (people.size() > 1) keep_own(one.elements, at, people.size());
    std::vector<Element> names;
    for (const NamedAt& named : people[at])
      names.push_back({.type = ElementType::name,
                       .value = named.name,
                       .locator = named.locator,
                       .recognised = context_.recognised});
    one.elements.insert(one.elements.begin(), names.begin(), names.end());
    // One word that nothing else is said of is hardly a person.
    one.uncertain = one.elements.size() == 1 && names.front().value.find(' ') == std::string::npos;
    records.push_back(std::move(one));
  }
  if (records.empty() && std::ranges::any_of(record.elements, is_identity)) {
    // Somebody whom the form doesn't name: a number joins them to who has it elsewhere.
    record.uncertain = group.subject != Subject::self;
    records.push_back(std::move(record));
  }
  return records;
}

// Who is what to whom; `subjects[i]` is the group's subject of records[i].
void relate(std::vector<Record>& records, const std::vector<Subject>& subjects) {
  const auto is_adult_of_form = [](Subject subject) {
    return subject == Subject::self || subject == Subject::spouse;
  };
  const bool has_child = std::ranges::find(subjects, Subject::child) != subjects.end();
  if (records.size() > limits::kCensusRelatedMax) return;  // a list, not a form
  for (std::uint32_t a = 0; a < records.size(); ++a) {
    for (std::uint32_t b = 0; b < records.size(); ++b) {
      if (a == b) continue;
      const bool guards = (subjects[a] == Subject::child && is_adult_of_form(subjects[b])) ||
                          (subjects[b] == Subject::guardian &&
                           (subjects[a] == Subject::self || subjects[a] == Subject::child) &&
                           !(has_child && subjects[a] == Subject::self));
      const bool household = subjects[a] == subjects[b] || subjects[a] == Subject::spouse ||
                             subjects[b] == Subject::spouse;
      if (guards) {
        records[a].relations.push_back({Relation::Kind::guardian, b});
      } else if (a < b) {
        records[a].relations.push_back(
            {household ? Relation::Kind::household : Relation::Kind::other_person, b});
      }
    }
  }
}

std::vector<Record> Reader::records() {
  for (Group& group : groups_) finish_address(group);
  share_unnamed_values();
  std::vector<Record> all;
  std::vector<Subject> subjects;
  for (const Group& group : groups_) {
    for (Record& record : records_of_group(group)) {
      record.ordinal = static_cast<std::uint32_t>(all.size());
      all.push_back(std::move(record));
      subjects.push_back(group.subject);
    }
  }
  relate(all, subjects);
  return all;
}

bool is_name_part(Field field) {
  return field == Field::full_name || field == Field::first_name || field == Field::last_name;
}

// Values whose label names nobody: beside no name of their own they are the person's whom the form
// is about, a contact behind another's name that other's.
std::vector<FieldValue> placed(std::vector<FieldValue> fields) {
  const auto names = [](const FieldValue& field, Subject subject) {
    return is_name_part(field.meaning.field) && field.meaning.subject == subject &&
           !says_nothing(field.value);
  };
  const auto named = [&](Subject subject) {
    return std::ranges::find_if(fields, [&](const FieldValue& f) { return names(f, subject); });
  };
  if (named(Subject::self) != fields.end() || named(Subject::owner) != fields.end()) return fields;
  auto main = named(Subject::child);
  for (const Subject subject : {Subject::guardian, Subject::spouse})
    if (main == fields.end()) main = named(subject);
  if (main == fields.end()) return fields;
  const HeaderMeaning whole = main->meaning;
  // An account in a form about a child is the first guardian's.
  const auto guardian = named(Subject::guardian);
  const HeaderMeaning payer = guardian == fields.end() ? whole : guardian->meaning;
  const HeaderMeaning* last = nullptr;
  for (FieldValue& field : fields) {
    HeaderMeaning& meaning = field.meaning;
    if (is_name_part(meaning.field)) {
      last = &meaning;
    } else if (meaning.subject == Subject::self && !meaning.says_whose) {
      const bool contact = meaning.field == Field::phone || meaning.field == Field::email;
      const bool money = meaning.field == Field::bank_account || meaning.field == Field::sin ||
                         meaning.field == Field::payment_card;
      const HeaderMeaning& whose = contact && last != nullptr          ? *last
                                   : money && guardian != fields.end() ? payer
                                                                       : whole;
      meaning.subject = whose.subject;
      meaning.ordinal = whose.ordinal;
    }
  }
  return fields;
}

}  // namespace

std::vector<Record> records_of_fields(const std::vector<FieldValue>& fields,
                                      const FieldContext& context) {
  Reader reader(context);
  for (const FieldValue& field : placed(fields)) reader.take(field);
  return reader.records();
}

}  // namespace sealift::census
