#include "census/structure/table_columns.h"

#include <algorithm>

#include "census/detect/cell_rules.h"
#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kSampleMax = 500;  // values of a column that are looked at
constexpr double kMostly = 0.6;

struct Sample {
  std::vector<std::string_view> values;  // not empty
  ColumnEvidence evidence;

  double share(ElementType type) const {
    return values.empty()
               ? 0
               : static_cast<double>(evidence.of(type).shape) / static_cast<double>(values.size());
  }
  template <typename Predicate>
  double share_of(Predicate holds) const {
    if (values.empty()) return 0;
    return static_cast<double>(std::ranges::count_if(values, holds)) /
           static_cast<double>(values.size());
  }
};

Sample sample_of(const TableSection& section, const Rows& rows, std::size_t column) {
  Sample sample;
  for (std::size_t row = section.begin; row < section.end && sample.values.size() < kSampleMax;
       ++row) {
    if (column >= rows[row].size()) continue;
    if (const std::string_view value = trim(rows[row][column]); !value.empty())
      sample.values.push_back(value);
  }
  sample.evidence = column_evidence(sample.values);
  return sample;
}

bool has_digit(std::string_view value) { return std::ranges::any_of(value, is_ascii_digit); }

bool is_name_field(Field field) {
  switch (field) {
    case Field::full_name:
    case Field::first_name:
    case Field::middle_name:
    case Field::last_name:
    case Field::initials:
    case Field::name_suffix:
    case Field::name_title:
    case Field::former_name:
      return true;
    default:
      return false;
  }
}

// Headers that leave open what the values are.
bool is_vague(const HeaderMeaning& meaning) {
  return meaning.field == Field::other_number || meaning.field == Field::other_date ||
         meaning.field == Field::note || meaning.field == Field::organisation ||
         meaning.confidence < 0.6;
}

std::optional<Field> field_of_type(ElementType type) {
  switch (type) {
    case ElementType::ca_sin:
      return Field::sin;
    case ElementType::ca_on_health_number:
    case ElementType::ca_bc_health_number:
    case ElementType::ca_qc_health_number:
      return Field::health_number;
    case ElementType::uk_nhs_number:
      return Field::nhs_number;
    case ElementType::payment_card:
      return Field::payment_card;
    case ElementType::iban:
      return Field::iban;
    case ElementType::ca_on_drivers_licence:
      return Field::drivers_licence;
    case ElementType::property_roll:
      return Field::property_roll;
    default:
      return std::nullopt;
  }
}

class Judge {
 public:
  Judge(const TableSection& section, const Rows& rows, const Models& models, const DateHint& dates)
      : section_(section), rows_(rows), models_(models), dates_(dates) {}

  std::vector<Column> judge() {
    const std::size_t count = section_.columns.size();
    columns_.resize(count);
    for (std::size_t i = 0; i < count; ++i) samples_.push_back(sample_of(section_, rows_, i));
    for (std::size_t i = 0; i < count; ++i) judge_by_header(i);
    for (std::size_t i = 0; i < count; ++i) doubt_first_name(i);
    for (std::size_t i = 0; i < count; ++i)
      if (!columns_[i].meaning) judge_identifier(i);
    if (!has_names()) find_names();
    if (!has(Field::birth_date)) find_birth_dates();
    find_second_names();
    for (std::size_t i = 0; i < count; ++i) {
      set_name_order(i);
      set_date_order(i);
    }
    give_contacts_to_last_named();
    return std::move(columns_);
  }

 private:
  bool has(Field field) const {
    return std::ranges::any_of(
        columns_, [&](const Column& c) { return c.meaning && c.meaning->field == field; });
  }
  bool has_names() const {
    return has(Field::full_name) || (has(Field::last_name) || has(Field::first_name));
  }

  double name_share(std::size_t i) const {
    return samples_[i].share_of(
        [&](std::string_view v) { return name_plausibility(models_, v) >= 0.4; });
  }

  void set(std::size_t i, Field field) {
    columns_[i].meaning = HeaderMeaning{.field = field, .confidence = 0.8};
    columns_[i].by_values = true;
    columns_[i].trusted = true;
  }

  void judge_by_header(std::size_t i) {
    const auto& header = section_.columns[i];
    const Sample& sample = samples_[i];
    columns_[i].prose = sample.share_of([](std::string_view v) { return v.size() > 40; }) > 0.3;
    if (!header || sample.values.empty() || is_vague(*header)) return;
    if (const auto proven = sample.evidence.proven(); proven && contradicts(*proven, *header))
      return;
    if (!fits(*header, sample)) return;
    columns_[i].meaning = header;
    columns_[i].trusted = is_trusted(*header, sample);
  }

  // "Call first" over "Cody Edwards": a first name beside no last name, and two words each.
  void doubt_first_name(std::size_t i) {
    auto& meaning = columns_[i].meaning;
    if (!meaning || meaning->field != Field::first_name || !has_two_words(i)) return;
    for (const Column& column : columns_)
      if (column.meaning && column.meaning->field == Field::last_name &&
          column.meaning->subject == meaning->subject)
        return;
    meaning.reset();
  }

  bool has_two_words(std::size_t i) const {
    return samples_[i].share_of([](std::string_view v) {
      return v.find_first_of(" ,") != std::string_view::npos;
    }) >= kMostly;
  }

  // The values prove another identifier than the header claims.
  static bool contradicts(ElementType proven, const HeaderMeaning& header) {
    const auto field = field_of_type(proven);
    if (!field || header.confidence >= 1) return false;
    const auto claimed = element_type_of(header.field);
    return *field != header.field && (!claimed || *claimed != proven);
  }

  bool fits(const HeaderMeaning& header, const Sample& sample) const {
    if (is_name_field(header.field)) {
      const bool no_figures = sample.share_of(has_digit) < 0.3;
      return no_figures && sample.share(ElementType::address) < 0.5;
    }
    if (header.field == Field::birth_date)
      return sample.share_of(
                 [&](std::string_view v) { return parse_date(v, dates_).has_value(); }) >= 0.5;
    if (header.field == Field::health_number) {
      double most = 0;
      for (const ElementType type :
           {ElementType::ca_on_health_number, ElementType::ca_qc_health_number,
            ElementType::ca_bc_health_number, ElementType::uk_nhs_number})
        most = std::max(most, sample.share(type));
      return most > 0;
    }
    const auto type = element_type_of(header.field);
    if (!type || !has_shape_rule(*type)) return true;
    if (*type == ElementType::property_roll)
      return sample.share_of([](std::string_view v) { return digits_of(v).size() >= 15; }) >= 0.5;
    return sample.share(*type) >= (header.confidence >= 1 ? 0.2 : 0.5);
  }

  static bool has_shape_rule(ElementType type) {
    const Form form = kind_of(type).form;
    return form != Form::words && form != Form::password && form != Form::address &&
           form != Form::name;
  }

  static bool is_trusted(const HeaderMeaning& header, const Sample& sample) {
    const auto type = element_type_of(header.field);
    if (!type || header.confidence < 0.8) return false;
    const TypeCount& count = sample.evidence.of(*type);
    return count.shape * 2 >= sample.evidence.values && count.check * 10 >= count.shape * 7;
  }

  void judge_identifier(std::size_t i) {
    const Sample& sample = samples_[i];
    if (sample.values.empty()) return;
    if (const auto proven = sample.evidence.proven())
      if (const auto field = field_of_type(*proven)) return set(i, *field);
    if (is_health_mix(sample)) return set(i, Field::health_number);
    if (sample.share(ElementType::email) >= kMostly) return set(i, Field::email);
    if (sample.share(ElementType::address) >= kMostly && section_has_people())
      return set(i, Field::address);
    if (sample.share(ElementType::phone) >= kMostly && looks_like_phones(sample) &&
        section_has_people())
      set(i, Field::phone);
  }

  // Health cards of several provinces in one column: none is nearly all, together they are.
  static bool is_health_mix(const Sample& sample) {
    constexpr double kNearlyAll = 0.9;
    if (sample.values.size() < 6) return false;
    const double passing = sample.share_of([](std::string_view v) {
      return normalise(ElementType::ca_on_health_number, v) ||
             normalise(ElementType::ca_qc_health_number, v) ||
             normalise(ElementType::ca_bc_health_number, v);
    });
    const double ontario = sample.share_of([](std::string_view v) {
      return normalise(ElementType::ca_on_health_number, v).has_value();
    });
    return passing >= kNearlyAll && ontario >= kMostly;
  }

  // Ten bare digits are any number; phones are written with signs between.
  static bool looks_like_phones(const Sample& sample) {
    return sample.share_of([](std::string_view v) {
      return v.find_first_of("-.() +") != std::string_view::npos;
    }) >= kMostly;
  }

  bool section_has_people() const {
    if (has_names()) return true;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!columns_[i].meaning && is_name_column(i)) return true;
    return false;
  }

  bool is_name_column(std::size_t i) const {
    const Sample& sample = samples_[i];
    if (sample.values.size() < 1 || sample.share_of(has_digit) > 0.1) return false;
    if (sample.share_of([](std::string_view v) { return std::ranges::count(v, ' ') > 5; }) > 0.1)
      return false;
    const double distinct =
        static_cast<double>(sample.evidence.distinct) / static_cast<double>(sample.values.size());
    const auto& header = section_.columns[i];
    const bool asked = header && (is_name_field(header->field) || header->field == Field::username);
    return has_two_words(i) && name_share(i) >= (asked ? 0.4 : 0.7) &&
           (distinct > 0.3 || sample.values.size() < 8);
  }

  void find_names() {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!columns_[i].meaning && is_name_column(i)) return set(i, Field::full_name);
  }

  // Another column of names is another person of each row.
  void find_second_names() {
    if (!has_names()) return;
    std::uint8_t ordinal = 1;
    const auto titled = subject_of_header(section_.title);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].meaning || columns_[i].prose || !is_name_column(i)) continue;
      set(i, Field::full_name);
      HeaderMeaning& meaning = *columns_[i].meaning;
      const auto named = subject_of_header(section_.headers[i]);
      meaning.subject = named && named->subject != Subject::self     ? named->subject
                        : titled && titled->subject != Subject::self ? titled->subject
                                                                     : Subject::emergency_contact;
      meaning.ordinal = ordinal++;
    }
  }

  // Dates that spread over decades and end in the past are birth dates, whatever they are called.
  void find_birth_dates() {
    if (!has_names()) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].meaning) continue;
      int first = 9999;
      int last = 0;
      std::size_t dates = 0;
      for (const std::string_view value : samples_[i].values) {
        const auto parsed = parse_date(value, dates_);
        if (!parsed || dates_.as_of < parsed->date) continue;
        ++dates;
        first = std::min(first, parsed->date.year);
        last = std::max(last, parsed->date.year);
      }
      if (dates < 3 ||
          static_cast<double>(dates) < kMostly * static_cast<double>(samples_[i].values.size()))
        continue;
      if (last - first >= 15 && first >= 1900) return set(i, Field::birth_date);
    }
  }

  void set_name_order(std::size_t i) {
    if (!columns_[i].meaning || columns_[i].meaning->field != Field::full_name) return;
    const std::string header = fold_words(section_.headers[i]);
    const std::size_t surname = std::min(header.find("last"), header.find("surname"));
    const std::size_t given = std::min(header.find("first"), header.find("given"));
    if (surname == std::string::npos || given == std::string::npos) return;
    columns_[i].name_order = surname < given ? NameOrder::surname_first : NameOrder::given_first;
  }

  // One date of a column that reads one way alone settles all of them.
  void set_date_order(std::size_t i) {
    auto& meaning = columns_[i].meaning;
    if (meaning && meaning->field == Field::birth_date && meaning->date_order == DateOrder::unknown)
      meaning->date_order = order_by_evidence(samples_[i].values);
  }

  // "Student | Parent | Phone": the phone is the parent's, unless it says "home" or whose.
  void give_contacts_to_last_named() {
    const HeaderMeaning* last = nullptr;
    for (Column& column : columns_) {
      if (!column.meaning) continue;
      const auto i = static_cast<std::size_t>(&column - columns_.data());
      HeaderMeaning& meaning = *column.meaning;
      if (is_name_field(meaning.field)) {
        last = &meaning;
      } else if (last != nullptr && last->subject != Subject::self &&
                 last->subject != Subject::owner && meaning.subject == Subject::self &&
                 (meaning.field == Field::phone || meaning.field == Field::email) &&
                 !says_whose(i)) {
        meaning.subject = last->subject;
        meaning.ordinal = last->ordinal;
      }
    }
  }

  bool says_whose(std::size_t i) const {
    for (const std::string& word : folded_words(section_.headers[i]))
      if (word == "home" || word == "student" || word == "client" || word == "patient" ||
          word == "applicant" || word == "employee" || word == "domicile" || word == "maison" ||
          word == "eleve")
        return true;
    return false;
  }

  const TableSection& section_;
  const Rows& rows_;
  const Models& models_;
  const DateHint& dates_;
  std::vector<Sample> samples_;
  std::vector<Column> columns_;
};

}  // namespace

std::vector<Column> judge_columns(const TableSection& section, const Rows& rows,
                                  const Models& models, const DateHint& dates) {
  return Judge(section, rows, models, dates).judge();
}

}  // namespace sealift::census
