#include "census/structure/table_columns.h"

#include <algorithm>
#include <cmath>

#include "census/detect/cell_rules.h"
#include "census/kinds/text_fold.h"
#include "census/structure/column_names.h"
#include "census/structure/column_people.h"
#include "census/structure/column_sample.h"
#include "census/structure/field_kinds.h"
#include "census/structure/meaning_model.h"
#include "census/structure/second_table.h"

namespace sealift::census {
namespace {

using internal::all_past;
using internal::are_dates_of_lives;
using internal::field_of_type;
using internal::has_digit;
using internal::has_letter;
using internal::has_shape_rule;
using internal::is_health_mix;
using internal::is_name_field;
using internal::is_personal;
using internal::is_taught;
using internal::is_vague;
using internal::needs_label;
using internal::Sample;
using internal::sample_of;
using internal::split_names_in;

constexpr double kMostly = 0.6;

class Judge {
 public:
  Judge(const TableSection& section, const Rows& rows, const Models& models, const DateHint& dates)
      : section_(section), rows_(rows), models_(models), dates_(dates) {}

  std::vector<Column> judge() {
    const std::size_t count = section_.columns.size();
    columns_.resize(count);
    for (std::size_t i = 0; i < count; ++i) samples_.push_back(sample_of(section_, rows_, i));
    for (std::size_t i = 0; i < count; ++i) evidence_.push_back(evidence_of(i));
    const float trust = trust_in_headers();
    for (std::size_t i = 0; i < count; ++i) judge_column(i, trust);
    for (std::size_t i = 0; i < count; ++i) doubt_first_name(i);
    for (std::size_t i = 0; i < count; ++i)
      if (!columns_[i].meaning) judge_identifier(i);
    find_composites();
    mark_second_table();
    internal::drop_names_of_things(samples_, columns_);
    drop_names_beside_people();
    if (!has_names()) find_names();
    if (!has_names()) find_split_names();
    if (!has(Field::birth_date)) find_birth_dates();
    if (!has_headers()) find_split_names_before();
    part_second_names();
    find_second_names();
    internal::settle_people(section_, rows_, columns_);
    for (std::size_t i = 0; i < count; ++i) {
      if (columns_[i].meaning && columns_[i].meaning->field == Field::full_name)
        columns_[i].name_order = internal::name_order_of(section_.headers[i]);
      set_date_order(i);
    }
    internal::give_contacts_to_last_named(section_, columns_);
    return std::move(columns_);
  }

 private:
  bool has(Field field) const {
    return std::ranges::any_of(
        columns_, [&](const Column& c) { return c.meaning && c.meaning->field == field; });
  }
  bool has_names() const {
    return has(Field::full_name) || has(Field::composite) ||
           (has(Field::last_name) || has(Field::first_name));
  }

  double name_share(std::size_t i) const {
    return samples_[i].share_of([&](std::string_view v) {
      // of owners together the first one tells
      const std::size_t joiner = std::min(v.find(" & "), v.find(" and "));
      return name_plausibility(models_, v.substr(0, joiner)) >= 0.4;
    });
  }

  void set(std::size_t i, Field field) {
    columns_[i].meaning = HeaderMeaning{.field = field, .confidence = 0.8};
    columns_[i].by_values = true;
    columns_[i].trusted = true;
  }

  static constexpr float kHalf = -0.7F;  // log .5

  // What speaks for each meaning of a column.
  struct Evidence {
    FieldLogs values{};  // log P(field | values)
    FieldLogs label{};   // log P(field | header), 0 throughout without one
    bool has_label = false;
  };

  Evidence evidence_of(std::size_t i) const {
    Evidence evidence;
    const Sample& sample = samples_[i];
    if (sample.values.empty()) return evidence;
    const MeaningModel& model = MeaningModel::built_in();
    evidence.values = model.fields_of_values(sample.values, models_, dates_);
    evidence.has_label = !trim(section_.headers[i]).empty();
    if (evidence.has_label) evidence.label = model.fields_of_label(section_.headers[i], "");
    return evidence;
  }

  // The share of columns whose header and values agree, among those where both are sure: a table
  // with lying headers has few. Three columns of .8 are taken as seen already.
  float trust_in_headers() const {
    constexpr float kSure = -0.35F;  // log .7
    float agreed = 3 * 0.8F;
    float all = 3;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& header = section_.columns[i];
      if (!header || samples_[i].values.empty() || is_vague(*header) || !is_taught(header->field))
        continue;
      const FieldLogs& logs = evidence_[i].values;
      const auto best = std::ranges::max_element(logs);
      if (*best < kSure) continue;
      all += 1;
      agreed += logs[static_cast<std::size_t>(header->field)] >= std::log(0.2F) ? 1.0F : 0.0F;
    }
    return std::clamp(3 * (agreed / all - 0.5F), 0.0F, 1.2F);
  }

  // log P(field | all evidence), up to a constant: each witness may be wrong, by its floor.
  FieldLogs weigh(std::size_t i, float trust) const {
    constexpr float kFloorValues = 0.01F;
    constexpr float kFloorLabel = 0.01F;
    constexpr float kFloorTable = 0.15F;
    constexpr float kWeightLabel = 0.5F;
    constexpr auto kKinds = static_cast<float>(kFields);
    const Evidence& evidence = evidence_[i];
    const auto& header = section_.columns[i];
    FieldLogs values = evidence.values;
    // Nine digits may pass the SIN's check and be an education number: values don't tell them
    // apart.
    float& sin = values[static_cast<std::size_t>(Field::sin)];
    float& education = values[static_cast<std::size_t>(Field::education_number)];
    sin = std::max(sin, education);
    education = evidence.has_label ? sin : std::log(1e-6F);
    FieldLogs logs{};
    for (std::size_t f = 0; f < kFields; ++f) {
      logs[f] = std::log(std::exp(values[f]) * (1 - kFloorValues) + kFloorValues / kKinds);
      if (evidence.has_label)
        logs[f] += kWeightLabel *
                   std::log(std::exp(evidence.label[f]) * (1 - kFloorLabel) + kFloorLabel / kKinds);
      if (!header) continue;
      const auto says = static_cast<float>(std::min(1.0, header->confidence)) * (1 - kFloorTable);
      const bool is_it = static_cast<std::size_t>(header->field) == f;
      logs[f] += trust * std::log(is_it ? says : (1 - says) / kKinds);
    }
    return logs;
  }

  void judge_column(std::size_t i, float trust) {
    const auto& header = section_.columns[i];
    const Sample& sample = samples_[i];
    columns_[i].prose = sample.share_of([](std::string_view v) { return v.size() > 40; }) > 0.3;
    if (sample.values.empty()) return;
    const auto proven = sample.evidence.proven();
    if (proven && (!header || is_vague(*header)) && take_label_of_number(i)) return;
    if (proven && (!header || is_vague(*header) || contradicts(*proven, *header))) return;
    if (header && !is_vague(*header) &&
        ((!is_taught(header->field) && !is_overruled(i)) || proven)) {
      if (fits(*header, sample)) take_header(i);
      return;
    }
    const auto [field, probability] = best_field(i, weigh(i, trust));
    // A header that says it in full is overruled where the table has shown that its headers lie.
    constexpr float kSureOfValues = 0.95F;
    constexpr float kTrusted = 0.85F;
    const bool strong = header && header->confidence >= 0.8 && fits(*header, sample) &&
                        (trust >= kTrusted || probability < kSureOfValues);
    const bool as_header = header && !is_vague(*header) && (header->field == field || strong);
    const bool only_header = header && !is_vague(*header) && !is_personal(field);
    if (as_header || (only_header && fits(*header, sample))) return take_header(i);
    if (take_sure_label(i, field)) return;
    constexpr float kClaim = 0.8F;
    const bool labelled =
        evidence_[i].has_label && evidence_[i].label[static_cast<std::size_t>(field)] > kHalf;
    if (probability < kClaim || !(is_personal(field) || (labelled && needs_label(field)))) return;
    if (is_name_field(field) && take_place_label(i)) return;
    if (is_name_field(field) && !may_hold_names(i, field)) return;
    set(i, field);
    columns_[i].meaning->confidence = probability;
    set_subject(i);
  }

  // Streets and towns are words that people are called, too: "ADDR_ST" over "CHURCH ST".
  bool take_place_label(std::size_t i) {
    constexpr float kSure = -0.1F;  // log .9
    const FieldLogs& logs = evidence_[i].label;
    for (const Field place : {Field::street, Field::address, Field::city}) {
      if (!evidence_[i].has_label || logs[static_cast<std::size_t>(place)] < kSure) continue;
      set(i, place);
      set_subject(i);
      return true;
    }
    return false;
  }

  // Values that are like anything's, under a header that the weights are sure of: "JOBCODE".
  bool take_sure_label(std::size_t i, Field of_values) {
    constexpr float kSure = -0.22F;  // log .8
    if (!evidence_[i].has_label || is_personal(of_values)) return false;
    const FieldLogs& logs = evidence_[i].label;
    const auto best = std::ranges::max_element(logs);
    const auto field = static_cast<Field>(best - logs.begin());
    const bool born = field == Field::birth_date && all_past(samples_[i], dates_);
    if (*best < kSure || !(needs_label(field) || born) || field == Field::homeroom ||
        !fits({.field = field, .confidence = 0.8}, samples_[i]))
      return false;
    set(i, field);
    set_subject(i);
    return true;
  }

  // Nine digits that pass Luhn are a SIN, unless the header calls them by another number's name in
  // words that only the weights know: "ON ED NUM".
  bool take_label_of_number(std::size_t i) {
    if (!evidence_[i].has_label) return false;
    const FieldLogs& logs = evidence_[i].label;
    const auto best = std::ranges::max_element(logs);
    const auto field = static_cast<Field>(best - logs.begin());
    if (*best < kHalf || !element_type_of(field) ||
        !fits({.field = field, .confidence = 0.8}, samples_[i]))
      return false;
    set(i, field);
    set_subject(i);
    return true;
  }

  // Values that leave no doubt, under a header that the weights were not taught.
  bool is_overruled(std::size_t i) const {
    const FieldLogs& logs = evidence_[i].values;
    const auto best = std::ranges::max_element(logs);
    return *best > -0.1F && is_personal(static_cast<Field>(best - logs.begin())) &&
           section_.columns[i]->confidence < 0.8;
  }

  std::pair<Field, float> best_field(std::size_t i, const FieldLogs& logs) const {
    std::size_t best = kFields;
    for (std::size_t f = 0; f < kFields; ++f) {
      const auto field = static_cast<Field>(f);
      if (is_personal(field) && !fits({.field = field, .confidence = 0.8}, samples_[i])) continue;
      if (!passes_checks(i, field)) continue;
      if (best == kFields || logs[f] > logs[best]) best = f;
    }
    float sum = 0;
    for (const float log : logs) sum += std::exp(log - logs[best]);
    return {static_cast<Field>(best), 1 / sum};
  }

  // Numbers with an official check rule, where no header names them: most must pass it.
  bool passes_checks(std::size_t i, Field field) const {
    const auto& header = section_.columns[i];
    if (header && header->field == field && header->confidence >= 0.6) return true;
    const ColumnEvidence& evidence = samples_[i].evidence;
    const auto most = [&](ElementType type) {
      const TypeCount& count = evidence.of(type);
      return count.check * 10 >= count.shape * 7 && count.shape * 10 >= evidence.values * 6;
    };
    switch (field) {
      case Field::sin:
        return most(ElementType::ca_sin);
      case Field::payment_card:
        return most(ElementType::payment_card);
      case Field::health_number:
        return most(ElementType::ca_on_health_number) || is_health_mix(samples_[i]);
      default:
        return true;
    }
  }

  // Names in a column whose header doesn't say so: the lists must know many of them.
  bool may_hold_names(std::size_t i, Field field) const {
    if (field == Field::full_name) return is_name_column(i);
    const auto& header = section_.columns[i];
    if (header && is_name_field(header->field)) return true;
    return samples_[i].values.size() >= 3 &&
           std::exp(evidence_[i].label[static_cast<std::size_t>(field)]) > 0.5F &&
           evidence_[i].has_label;
  }

  void take_header(std::size_t i) {
    columns_[i].meaning = section_.columns[i];
    columns_[i].trusted = is_trusted(*section_.columns[i], samples_[i]);
    if (!columns_[i].meaning->says_whose) set_subject(i);
  }

  // Whose it is, by the header's words.
  void set_subject(std::size_t i) {
    if (trim(section_.headers[i]).empty()) return;
    HeaderMeaning& meaning = *columns_[i].meaning;
    if (const auto named = subject_of_header(section_.headers[i])) {
      meaning.subject = named->subject;
      meaning.ordinal = named->ordinal;
      meaning.says_whose = true;
      return;
    }
    constexpr float kSure = -0.105F;  // log .9
    const SubjectLogs logs = MeaningModel::built_in().subjects_of_label(section_.headers[i], "");
    const auto best = std::ranges::max_element(logs);
    if (*best < kSure || best == logs.begin()) return;
    meaning.subject = static_cast<Subject>(best - logs.begin());
    meaning.ordinal = ordinal_of_header(section_.headers[i]);
    meaning.says_whose = true;
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
    if (header.field == Field::address || header.field == Field::street)
      return sample.share_of(has_letter) >= 0.5;
    const auto type = element_type_of(header.field);
    if (!type || !has_shape_rule(*type)) return true;
    if (*type == ElementType::property_roll)
      return sample.share_of([](std::string_view v) { return digits_of(v).size() >= 15; }) >= 0.5;
    return sample.share(*type) >= (header.confidence >= 1 ? 0.2 : 0.5);
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
    if (sample.share(ElementType::phone) >= kMostly && internal::look_like_phones(sample) &&
        section_has_people())
      set(i, Field::phone);
  }

  bool section_has_people() const {
    if (has_names()) return true;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!columns_[i].meaning && is_name_column(i)) return true;
    return false;
  }

  bool is_name_column(std::size_t i) const {
    constexpr double kThings = 0.2;
    const Sample& sample = samples_[i];
    if (sample.values.size() < 1 || sample.share_of(has_digit) > 0.1) return false;
    if (sample.share_of([](std::string_view v) { return std::ranges::count(v, ' ') > 5; }) > 0.1)
      return false;
    const double distinct =
        static_cast<double>(sample.evidence.distinct) / static_cast<double>(sample.values.size());
    const auto& header = section_.columns[i];
    const bool asked = header && (is_name_field(header->field) || header->field == Field::username);
    if (!asked && internal::thing_share(samples_[i], models_) > kThings) return false;
    return has_two_words(i) && name_share(i) >= (asked ? 0.4 : 0.7) &&
           (distinct > 0.3 || sample.values.size() < 8);
  }

  void mark_second_table() {
    std::vector<bool> names;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      names.push_back(!columns_[i].meaning && is_name_column(i));
    if (const auto begin = internal::second_table_at(section_, rows_, columns_, names))
      columns_[*begin].begins_table = true;
  }

  // A name and more in each cell, whatever the header asks for. Without headers, or under one that
  // nobody knows, the first such column is the row's person.
  void find_composites() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].meaning && columns_[i].meaning->field != Field::full_name) continue;
      if (!internal::are_composites(samples_[i], models_)) continue;
      const bool labelled = section_.columns[i] && is_name_field(section_.columns[i]->field);
      set(i, Field::composite);
      if (labelled) columns_[i].by_values = false;
      set_subject(i);
    }
  }

  // Another column of names has hardly any things in it: this one is what they bought.
  void drop_names_beside_people() {
    constexpr double kMany = 0.25;
    constexpr double kFew = 0.05;
    const auto is_full = [&](std::size_t i) {
      return columns_[i].meaning && columns_[i].meaning->field == Field::full_name;
    };
    bool people = false;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      people = people ||
               ((is_full(i) || (!columns_[i].meaning && is_name_column(i))) &&
                internal::thing_share(samples_[i], models_) <= kFew) ||
               (columns_[i].meaning && columns_[i].meaning->field == Field::last_name);
    for (std::size_t i = 0; people && i < columns_.size(); ++i)
      if (is_full(i) && internal::thing_share(samples_[i], models_) >= kMany)
        columns_[i].meaning.reset();
  }

  void find_names() {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!columns_[i].meaning && is_name_column(i)) return set(i, Field::full_name);
  }

  void find_split_names() {
    if (!has_private_column()) return;
    std::vector<bool> free;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      free.push_back(!columns_[i].meaning && !section_.columns[i]);
    const auto found = split_names_in(samples_, free, models_);
    if (!found) return;
    set(found->surname, Field::last_name);
    set(found->given, Field::first_name);
  }

  bool has_headers() const {
    return std::ranges::any_of(section_.headers,
                               [](const std::string& header) { return !trim(header).empty(); });
  }

  // Without headers, the row's person may be in two columns before whole names of others.
  void find_split_names_before() {
    if (has(Field::last_name) || has(Field::first_name)) return;
    std::vector<bool> free;
    bool whole = false;
    for (const Column& column : columns_) {
      whole = whole || (column.meaning && column.meaning->field == Field::full_name);
      free.push_back(!whole && !column.meaning);
    }
    if (!whole) return;
    const auto found = split_names_in(samples_, free, models_);
    if (!found) return;
    set(found->surname, Field::last_name);
    set(found->given, Field::first_name);
  }

  bool has_private_column() const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& meaning = columns_[i].meaning;
      if (meaning && (meaning->field == Field::birth_date || meaning->field == Field::email ||
                      identifies_somebody(meaning->field)))
        return true;
      if (!meaning && are_dates_of_lives(samples_[i], dates_)) return true;
    }
    return false;
  }

  static bool identifies_somebody(Field field) {
    const auto type = element_type_of(field);
    return type && is_number_of_one_person(*type);
  }

  // Of two columns of full names whose headers don't say whose they are, the one that a header of
  // the table calls a name, else the first, is the row's person. The other is somebody else's: one
  // name for many rows is of whoever works with them.
  void part_second_names() {
    std::optional<std::size_t> own;
    const auto is_own = [&](std::size_t i) {
      const auto& meaning = columns_[i].meaning;
      return meaning && meaning->subject == Subject::self &&
             (meaning->field == Field::full_name || meaning->field == Field::composite);
    };
    const auto is_better = [&](std::size_t i) {
      if (!own) return true;
      const bool more = columns_[i].meaning->field == Field::composite &&
                        columns_[*own].meaning->field != Field::composite;
      return (columns_[*own].by_values && !columns_[i].by_values) ||
             (more && columns_[*own].by_values);
    };
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (is_own(i) && is_better(i)) own = i;
    if (has_own_parts()) own = columns_.size();  // the row's person is named in two columns
    if (!own) return;
    std::uint8_t ordinal = 1;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i == *own || !is_own(i) || !columns_[i].by_values) continue;
      HeaderMeaning& meaning = *columns_[i].meaning;
      meaning.subject = is_one_for_many(i) ? Subject::staff : Subject::emergency_contact;
      meaning.ordinal = ordinal++;
    }
  }

  bool has_own_parts() const {
    return std::ranges::any_of(columns_, [](const Column& column) {
      return column.meaning && column.meaning->subject == Subject::self &&
             (column.meaning->field == Field::last_name ||
              column.meaning->field == Field::first_name);
    });
  }

  bool is_one_for_many(std::size_t i) const {
    const std::size_t values = samples_[i].values.size();
    return values >= 4 && samples_[i].evidence.distinct * 4 <= values;
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
                        : is_one_for_many(i)                         ? Subject::staff
                        : titled && titled->subject != Subject::self ? titled->subject
                                                                     : Subject::emergency_contact;
      meaning.ordinal = ordinal++;
    }
  }

  // Dates that spread over decades and end in the past are birth dates, whatever they are called.
  void find_birth_dates() {
    if (!has_names()) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].meaning && are_dates_of_lives(samples_[i], dates_))
        return set(i, Field::birth_date);
    }
  }

  // One date of a column that reads one way alone settles all of them.
  void set_date_order(std::size_t i) {
    auto& meaning = columns_[i].meaning;
    if (meaning && meaning->field == Field::birth_date && meaning->date_order == DateOrder::unknown)
      meaning->date_order = order_by_evidence(samples_[i].values);
  }

  const TableSection& section_;
  const Rows& rows_;
  const Models& models_;
  const DateHint& dates_;
  std::vector<Sample> samples_;
  std::vector<Evidence> evidence_;
  std::vector<Column> columns_;
};

}  // namespace

std::vector<Column> judge_columns(const TableSection& section, const Rows& rows,
                                  const Models& models, const DateHint& dates) {
  return Judge(section, rows, models, dates).judge();
}

}  // namespace sealift::census
