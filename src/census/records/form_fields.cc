#include "census/records/form_fields.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "census/detect/cell_rules.h"
#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::array<ElementType, 4> kHealthNumbers = {
    ElementType::ca_on_health_number, ElementType::ca_bc_health_number,
    ElementType::ca_qc_health_number, ElementType::uk_nhs_number};

constexpr std::array<std::string_view, 18> kNothing = {"",
                                                       "n a",
                                                       "na",
                                                       "none",
                                                       "nil",
                                                       "unknown",
                                                       "same",
                                                       "same as above",
                                                       "nkda",
                                                       "not known",
                                                       "null",
                                                       "tbd",
                                                       "not applicable",
                                                       "inconnu",
                                                       "aucun",
                                                       "neant",
                                                       "s o",
                                                       "sans objet"};

bool says_nothing(std::string_view value) {
  // more than the longest of these has
  constexpr std::ptrdiff_t kLettersMax = 13;
  if (std::ranges::count_if(value, is_ascii_alnum) > kLettersMax) return false;
  const std::string folded = fold_words(value);
  return std::ranges::find(kNothing, std::string_view(folded)) != kNothing.end();
}

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

bool says_no(std::string_view value) {
  const std::string folded = fold_words(value);
  return folded == "no" || folded == "n" || folded == "false" || folded == "0" || folded == "non" ||
         folded == "alive" || folded == "living" || folded == "active";
}

// Everything that a form says about one of its people.
struct Group {
  Subject subject = Subject::self;
  std::uint8_t ordinal = 0;
  std::string given, middle, surname, suffix, name_locator;
  std::vector<std::pair<PersonName, std::string>> full_names;  // with locators
  std::string street, unit, city, province, postal, address_locator;
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
    Group& group = group_of(field.meaning);
    if (take_name(field, group) || take_address(field, group) || take_fact(field, group)) return;
    take_values(field, group);
  }

  std::vector<Record> records();

 private:
  Group& group_of(const HeaderMeaning& meaning) {
    // "Owner tel." beside "Owner 1" and "Owner 2" is the first one's.
    for (Group& group : groups_)
      if (group.subject == meaning.subject &&
          (group.ordinal == meaning.ordinal || meaning.ordinal == 0))
        return group;
    Group& group = groups_.emplace_back();
    group.subject = meaning.subject;
    group.ordinal = meaning.ordinal;
    return group;
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
      for (PersonName& name : parse_person_names(field.value, field.name_order))
        group.full_names.emplace_back(std::move(name), field.locator);
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
    case Field::grade:
    case Field::homeroom:
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
    case Field::employee_number:
    case Field::salary:
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
  all += group.street;
  for (const std::string* part : {&group.city, &group.province})
    if (!part->empty()) all += (part == &group.city ? ", " : " ") + *part;
  if (!group.postal.empty()) all += " " + group.postal;
  if (auto address = normalise(ElementType::address, all))
    add(group, ElementType::address, *std::move(address), group.address_locator);
}

// A guardian's phone without a guardian's name is the child's contact; an address beside owners is
// every owner's.
void Reader::share_unnamed_values() {
  const auto self = std::ranges::find(groups_, Subject::self, &Group::subject);
  const bool self_named = self != groups_.end() && self->has_name();
  for (Group& group : groups_) {
    if (group.has_name() || !self_named || group.subject == Subject::self ||
        group.subject == Subject::staff)
      continue;
    for (Element& element : group.elements)
      if (element.type == ElementType::phone || element.type == ElementType::email)
        self->elements.push_back(std::move(element));
    group.elements.clear();
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

std::vector<std::pair<std::string, std::string>> names_of(const Group& group) {
  std::vector<std::pair<std::string, std::string>> names;
  if (!group.given.empty() || !group.surname.empty()) {
    if (auto name = person_name_of_parts(group.given, group.middle, group.surname)) {
      if (name->suffix.empty()) name->suffix = group.suffix;
      names.emplace_back(name->display(), group.name_locator);
    }
  }
  if (!names.empty()) return names;
  for (const auto& [name, locator] : group.full_names) names.emplace_back(name.display(), locator);
  return names;
}

bool is_identity(const Element& element) {
  return element.type == ElementType::name || element.type == ElementType::email ||
         identifies(kind_of(element.type));
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
  std::vector<Record> records;
  for (const auto& [name, locator] : names_of(group)) {
    Record one = record;
    one.elements.insert(one.elements.begin(), {.type = ElementType::name,
                                               .value = name,
                                               .locator = locator,
                                               .recognised = context_.recognised});
    // One word that nothing else is said of is hardly a person.
    one.uncertain = one.elements.size() == 1 && name.find(' ') == std::string::npos;
    records.push_back(std::move(one));
  }
  if (records.empty() && std::ranges::any_of(record.elements, is_identity))
    records.push_back(std::move(record));
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

std::optional<TypedValue> health_number(const FieldValue& field) {
  std::optional<TypedValue> best;
  double best_score = 0;
  for (const ElementType type : kHealthNumbers) {
    auto value = normalise(type, field.value);
    if (!value) continue;
    const double score = check_score(type, field.value);
    if (score <= best_score) continue;
    best_score = score;
    best = TypedValue{type, *std::move(value), false};
  }
  return best;
}

// Nineteen digits; the last four, zero for most, are often left out, or cut by a narrow column.
std::optional<TypedValue> roll_number(std::string_view raw) {
  std::string digits = digits_of(raw);
  if (digits.size() < 15 || digits.size() > 19) return std::nullopt;
  digits.resize(19, '0');
  return TypedValue{ElementType::property_roll, digits};
}

}  // namespace

std::optional<TypedValue> typed_value(const FieldValue& field, const DateHint& dates) {
  DateHint hint = dates;
  if (field.meaning.date_order != DateOrder::unknown) hint.order = field.meaning.date_order;
  if (field.meaning.field == Field::birth_date) {
    const auto parsed = parse_date(field.value, hint);
    if (!parsed || hint.as_of < parsed->date) return std::nullopt;
    return TypedValue{ElementType::birth_date, parsed->date.iso(),
                      parsed->swapped.has_value() && hint.order == DateOrder::unknown};
  }
  if (field.meaning.field == Field::health_number) return health_number(field);
  if (field.meaning.field == Field::username) {
    auto email = normalise(ElementType::email, field.value);
    if (!email) return std::nullopt;
    return TypedValue{ElementType::email, *std::move(email)};
  }
  const auto type = element_type_of(field.meaning.field);
  if (!type) return std::nullopt;
  if (*type == ElementType::property_roll) return roll_number(field.value);
  auto value = field.trusted ? normalise_shape(*type, field.value, hint)
                             : normalise(*type, field.value, hint);
  if (!value) return std::nullopt;
  return TypedValue{*type, *std::move(value)};
}

std::vector<Record> records_of_fields(const std::vector<FieldValue>& fields,
                                      const FieldContext& context) {
  Reader reader(context);
  for (const FieldValue& field : fields) reader.take(field);
  return reader.records();
}

}  // namespace sealift::census
