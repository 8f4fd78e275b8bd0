// What a column or a form label asks for, and of whom.
//
// Wider than ElementType: parts of a name or address, and things that only tell what a row is
// about (grade, salary). field_of_header() reads English and French headers and form labels,
// abbreviated, run together or joined from several header rows: "Parent / Guardian 2 Cell",
// "DOB (Y/M/D)", "emp_last_name", "Numéro d'assurance sociale". Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "census/kinds/dates.h"
#include "census/kinds/element_type.h"

namespace sealift::census {

enum class Field : std::uint8_t {
  // names
  full_name,
  first_name,
  middle_name,
  last_name,
  initials,
  name_title,
  name_suffix,
  former_name,  // maiden name, other last names
  // dates and facts of a person
  birth_date,
  age,
  sex,
  death_date,
  deceased,  // yes/no, or a status
  // address
  address,
  street,
  street_number,  // the civic number, in a column of its own
  unit,
  city,
  province,
  postal_code,
  country,
  // contact
  phone,
  email,
  // identifiers
  sin,
  health_number,  // of a province; which one, the value tells
  health_version_code,
  bc_health_number,
  qc_health_number,
  education_number,
  drivers_licence,
  passport,
  ssn,
  nhs_number,
  iban,
  bank_institution,
  bank_transit,
  bank_institution_and_transit,
  bank_account,
  payment_card,
  card_expiry,
  property_roll,
  // school
  student_number,  // local, not the Ontario Education Number
  grade,
  homeroom,
  school,
  student_note,  // exceptionality, behaviour, IEP, marks
  // health
  diagnosis,
  medication,
  allergy,
  vaccine,
  health_note,
  // work
  employee_number,
  position,
  department,
  salary,
  hire_date,
  // others
  religion,
  citizenship,
  password,
  username,
  relationship,
  assessed_value,
  other_date,
  other_number,  // "ID", "Ref", "Call #": some number, of unknown kind
  note,
  organisation,
  composite,  // several of one person's in one cell: "Roe, Ann (1984-03-07) HC 1234 567 897"
};

inline constexpr std::size_t kFields = static_cast<std::size_t>(Field::composite) + 1;

// Whose it is, relative to the person whom the row or form is about.
enum class Subject : std::uint8_t {
  self,
  child,
  guardian,
  spouse,
  emergency_contact,
  staff,  // teacher, physician, worker, manager: someone doing their work
  owner,  // of a property
};

inline constexpr std::size_t kSubjects = static_cast<std::size_t>(Subject::owner) + 1;

struct HeaderMeaning {
  Field field = Field::note;
  Subject subject = Subject::self;
  std::uint8_t ordinal = 0;  // "Guardian 2", "Owner 1"; 0 when not numbered
  DateOrder date_order = DateOrder::unknown;
  bool says_whose = false;  // a word of it names the person: "Student DOB", not "DOB"
  double confidence = 0;    // 1: says it in full; 0.5: a word that also means other things

  bool operator==(const HeaderMeaning&) const = default;
};

// nullopt when the text is no header that we know. Long sentences are no headers.
std::optional<HeaderMeaning> field_of_header(std::string_view header);

// Only whose it is, for a header cell above several columns ("Parent / Guardian 1"); nullopt when
// the text names nobody.
std::optional<HeaderMeaning> subject_of_header(std::string_view header);

// The words of a header, folded, system names cut apart: "G1_PHONE" is "g", "1", "phone".
std::vector<std::string> words_of_header(std::string_view header);
// "Guardian 2": 2; 0 when it isn't numbered.
std::uint8_t ordinal_of_header(std::string_view header);

// The exported type of a value in such a field; nullopt for parts and for what is not exported.
std::optional<ElementType> element_type_of(Field field);

// "birth_date": for training, diagnostics and tests.
std::string_view to_string(Field field);

}  // namespace sealift::census
