#include "census/structure/field.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "census/kinds/text_fold.h"
#include "census/structure/header_filter.h"
#include "census/structure/header_phrases.h"

namespace sealift::census {
namespace {

using internal::HeaderPhrase;
using internal::subject_of;
using internal::SubjectWord;

constexpr std::size_t kHeaderSizeBytesMax = 96;
constexpr std::size_t kHeaderWordsMax = 12;

// "firstName", "EMP_LAST_NM", "Guardian2Cell" -> words; "e-mail" and "co-applicant" become one.
std::vector<std::string> header_words(std::string_view header) {
  std::string spaced;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    const char before = i > 0 ? header[i - 1] : ' ';
    const bool hump = is_ascii_upper(c) && is_ascii_lower(before);
    const bool number =
        is_ascii_digit(c) != is_ascii_digit(before) && is_ascii_alnum(c) && is_ascii_alnum(before);
    if (hump || number) spaced.push_back(' ');
    if (c == '#') {
      spaced.append(" no ");
    } else {
      spaced.push_back(c == '_' ? ' ' : c);
    }
  }
  std::vector<std::string> words;
  for (std::string& word : folded_words(spaced)) {
    if (word == "mail" && !words.empty() && words.back() == "e") {
      words.back() = "email";
    } else if (word == "applicant" && !words.empty() && words.back() == "co") {
      words.back() = "coapplicant";
    } else if (word == "names" || word == "nm") {
      words.emplace_back("name");
    } else if (word == "numbers" || word == "nbr" || word == "num") {
      words.emplace_back("number");
    } else {
      words.push_back(std::move(word));
    }
  }
  return words;
}

bool stands_at(std::span<const std::string> words, std::size_t at, std::string_view phrase,
               std::size_t* end) {
  while (!phrase.empty()) {
    const std::size_t size = std::min(phrase.find(' '), phrase.size());
    if (at >= words.size() || words[at] != phrase.substr(0, size)) return false;
    ++at;
    phrase.remove_prefix(std::min(size + 1, phrase.size()));
  }
  *end = at;
  return true;
}

struct Match {
  const HeaderPhrase* phrase = nullptr;
  std::size_t begin = 0, end = 0;
};

bool is_better(const HeaderPhrase& phrase, std::size_t at, const Match& best) {
  if (best.phrase == nullptr || phrase.weight != best.phrase->weight)
    return best.phrase == nullptr || phrase.weight > best.phrase->weight;
  if (phrase.words.size() != best.phrase->words.size())
    return phrase.words.size() > best.phrase->words.size();
  return at > best.begin;
}

Match best_phrase(std::span<const std::string> words) {
  Match best;
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const HeaderPhrase* const phrase : internal::phrases_from(words[at])) {
      std::size_t end = 0;
      if (stands_at(words, at, phrase->words, &end) && is_better(*phrase, at, best))
        best = {phrase, at, end};
    }
  }
  return best;
}

// The word that says most about whose it is: "child" of "Child's full name (student)".
const SubjectWord* subject_in(const std::vector<std::string>& words) {
  const SubjectWord* best = nullptr;
  for (const std::string& word : words) {
    const SubjectWord* found = subject_of(word);
    if (found == nullptr) continue;
    if (best == nullptr || best->subject == Subject::self) best = found;
  }
  return best;
}

std::uint8_t ordinal_in(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.size() == 1 && word[0] >= '1' && word[0] <= '9')
      return static_cast<std::uint8_t>(word[0] - '0');
  }
  return 0;
}

DateOrder date_order_in(const std::vector<std::string>& words) {
  std::string shape;
  for (const std::string& word : words) {
    const bool repeated = word.find_first_not_of(word.front()) == std::string::npos;
    if (word == "yyyymmdd") return DateOrder::year_month_day;
    if (word == "ddmmyyyy") return DateOrder::day_month_year;
    if (word == "mmddyyyy") return DateOrder::month_day_year;
    if (repeated && (word[0] == 'y' || word[0] == 'a')) shape.push_back('y');
    if (repeated && word[0] == 'm') shape.push_back('m');
    if (repeated && (word[0] == 'd' || word[0] == 'j')) shape.push_back('d');
    if (word == "year" || word == "annee") shape.push_back('y');
    if (word == "month" || word == "mois") shape.push_back('m');
    if (word == "day" || word == "jour") shape.push_back('d');
  }
  if (shape.find("ymd") != std::string::npos) return DateOrder::year_month_day;
  if (shape.find("dmy") != std::string::npos) return DateOrder::day_month_year;
  if (shape.find("mdy") != std::string::npos) return DateOrder::month_day_year;
  return DateOrder::unknown;
}

bool is_number(std::string_view word) { return std::ranges::all_of(word, is_ascii_digit); }

// How many words are neither the phrase nor what may stand beside it.
std::size_t unknown_words(const std::vector<std::string>& words, const Match& match) {
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (match.phrase != nullptr && i >= match.begin && i < match.end) continue;
    if (internal::is_header_filler(words[i]) || subject_of(words[i]) != nullptr ||
        is_number(words[i]))
      continue;
    const Match alone = best_phrase(std::span(&words[i], 1));
    if (alone.phrase == nullptr) ++unknown;
  }
  return unknown;
}

// "Student #" and "Emp no": a subject and a word for number.
std::optional<Field> number_of_subject(const std::vector<std::string>& words) {
  if (words.size() != 2 ||
      (words[1] != "no" && words[1] != "number" && words[1] != "id" && words[1] != "numero")) {
    return std::nullopt;
  }
  if (words[0] == "student" || words[0] == "pupil" || words[0] == "eleve")
    return Field::student_number;
  if (words[0] == "employee" || words[0] == "emp" || words[0] == "staff" || words[0] == "employe")
    return Field::employee_number;
  return subject_of(words[0]) != nullptr ? std::optional(Field::other_number) : std::nullopt;
}

}  // namespace

std::optional<HeaderMeaning> field_of_header(std::string_view header) {
  if (header.size() > kHeaderSizeBytesMax || !internal::may_be_header(header)) return std::nullopt;
  const std::vector<std::string> words = header_words(header);
  if (words.empty() || words.size() > kHeaderWordsMax) return std::nullopt;
  const SubjectWord* subject = subject_in(words);
  HeaderMeaning meaning;
  meaning.ordinal = ordinal_in(words);
  meaning.date_order = date_order_in(words);
  if (subject != nullptr) {
    meaning.subject = subject->subject;
    meaning.says_whose = true;
  }
  if (const auto numbered = number_of_subject(words)) {
    meaning.field = *numbered;
    meaning.confidence = 0.9;
    return meaning;
  }
  const Match match = best_phrase(words);
  const std::size_t unknown = unknown_words(words, match);
  const bool names_person = subject != nullptr && subject->is_person;
  if (match.phrase == nullptr || (names_person && match.phrase->weight < 50)) {
    if (!names_person || unknown > 1) return std::nullopt;
    meaning.field = Field::full_name;
    meaning.confidence = unknown == 0 ? 0.7 : 0.4;
    return meaning;
  }
  if (unknown > 2) return std::nullopt;
  meaning.field = match.phrase->field;
  meaning.confidence = std::min(1.0, match.phrase->weight / 100.0) * (unknown == 0   ? 1.0
                                                                      : unknown == 1 ? 0.75
                                                                                     : 0.5);
  return meaning;
}

std::optional<HeaderMeaning> subject_of_header(std::string_view header) {
  if (header.size() > kHeaderSizeBytesMax || !internal::may_be_header(header)) return std::nullopt;
  const std::vector<std::string> words = header_words(header);
  const SubjectWord* subject = subject_in(words);
  if (subject == nullptr || words.size() > kHeaderWordsMax) return std::nullopt;
  HeaderMeaning meaning;
  meaning.field = Field::full_name;
  meaning.subject = subject->subject;
  meaning.ordinal = ordinal_in(words);
  meaning.confidence = 0.9;
  return meaning;
}

std::vector<std::string> words_of_header(std::string_view header) {
  return header.size() > kHeaderSizeBytesMax ? std::vector<std::string>() : header_words(header);
}

std::uint8_t ordinal_of_header(std::string_view header) {
  return ordinal_in(words_of_header(header));
}

std::optional<ElementType> element_type_of(Field field) {
  switch (field) {
    case Field::full_name:
      return ElementType::name;
    case Field::birth_date:
      return ElementType::birth_date;
    case Field::address:
      return ElementType::address;
    case Field::phone:
      return ElementType::phone;
    case Field::email:
      return ElementType::email;
    case Field::sin:
      return ElementType::ca_sin;
    case Field::health_number:
      return ElementType::ca_on_health_number;
    case Field::bc_health_number:
      return ElementType::ca_bc_health_number;
    case Field::qc_health_number:
      return ElementType::ca_qc_health_number;
    case Field::education_number:
      return ElementType::ca_on_education_number;
    case Field::drivers_licence:
      return ElementType::ca_on_drivers_licence;
    case Field::passport:
      return ElementType::ca_passport;
    case Field::ssn:
      return ElementType::us_ssn;
    case Field::nhs_number:
      return ElementType::uk_nhs_number;
    case Field::iban:
      return ElementType::iban;
    case Field::bank_account:
      return ElementType::ca_bank_account;
    case Field::payment_card:
      return ElementType::payment_card;
    case Field::property_roll:
      return ElementType::property_roll;
    case Field::student_number:
    case Field::grade:
    case Field::homeroom:
    case Field::student_note:
      return ElementType::student_record;
    case Field::diagnosis:
    case Field::medication:
    case Field::allergy:
    case Field::vaccine:
    case Field::health_note:
      return ElementType::health_record;
    case Field::employee_number:
    case Field::position:
    case Field::salary:
    case Field::hire_date:
      return ElementType::employment_record;
    case Field::religion:
      return ElementType::religion;
    case Field::citizenship:
      return ElementType::citizenship;
    case Field::password:
      return ElementType::credential;
    default:
      return std::nullopt;
  }
}

std::string_view to_string(Field field) {
  constexpr std::array<std::string_view, kFields> kNames = {"full_name",
                                                            "first_name",
                                                            "middle_name",
                                                            "last_name",
                                                            "initials",
                                                            "name_title",
                                                            "name_suffix",
                                                            "former_name",
                                                            "birth_date",
                                                            "age",
                                                            "sex",
                                                            "death_date",
                                                            "deceased",
                                                            "address",
                                                            "street",
                                                            "street_number",
                                                            "unit",
                                                            "city",
                                                            "province",
                                                            "postal_code",
                                                            "country",
                                                            "phone",
                                                            "email",
                                                            "sin",
                                                            "health_number",
                                                            "health_version_code",
                                                            "bc_health_number",
                                                            "qc_health_number",
                                                            "education_number",
                                                            "drivers_licence",
                                                            "passport",
                                                            "ssn",
                                                            "nhs_number",
                                                            "iban",
                                                            "bank_institution",
                                                            "bank_transit",
                                                            "bank_institution_and_transit",
                                                            "bank_account",
                                                            "payment_card",
                                                            "card_expiry",
                                                            "property_roll",
                                                            "student_number",
                                                            "grade",
                                                            "homeroom",
                                                            "school",
                                                            "student_note",
                                                            "diagnosis",
                                                            "medication",
                                                            "allergy",
                                                            "vaccine",
                                                            "health_note",
                                                            "employee_number",
                                                            "position",
                                                            "department",
                                                            "salary",
                                                            "hire_date",
                                                            "religion",
                                                            "citizenship",
                                                            "password",
                                                            "username",
                                                            "relationship",
                                                            "assessed_value",
                                                            "other_date",
                                                            "other_number",
                                                            "note",
                                                            "organisation",
                                                            "composite"};
  const auto at = static_cast<std::size_t>(field);
  SEALIFT_CHECK(at < kNames.size());
  return kNames[at];
}

}  // namespace sealift::census
