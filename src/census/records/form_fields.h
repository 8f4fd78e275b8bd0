// Fields to records: from labelled values that stand together (a table row, a filled-in form) to
// the people in them.
//
//   Student | DOB | Guardian 1 Name | Guardian 1 Cell      a student, and a guardian of theirs
//   Applicant last name, Child's full name, Spouse SIN     three people of one household
//   Owner 1 | Owner 2 | Property address                   two people, one address
//
// Whose a value is comes from its label (census/structure/field.h); values are normalised and
// judged by census/detect/cell_rules.h. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "census/kinds/dates.h"
#include "census/names/person_name.h"
#include "census/records/record.h"
#include "census/structure/field.h"

namespace sealift::census {

struct FieldValue {
  HeaderMeaning meaning;
  std::string value;  // as written
  std::string locator;
  NameOrder name_order = NameOrder::unknown;
  bool trusted = false;  // its column holds such values throughout: no check digit is demanded
  float confidence = 1;  // that the field asks for what is read in it
};

struct FieldContext {
  DateHint dates;
  bool recognised = false;      // read by OCR
  bool students = false;        // the table or form is about students, whatever its labels say
  bool work_directory = false;  // the table lists staff with work contact data
  bool patients = false;
};

// People in reading order, their ordinals counting from 0 (relations use the same). Values that
// belong to nobody named or numbered make no record.
std::vector<Record> records_of_fields(const std::vector<FieldValue>& fields,
                                      const FieldContext& context);

// The value as the type that this field asks for: for a health number the province that fits.
// nullopt when it isn't one, or when the field is of no exported type.
struct TypedValue {
  ElementType type;
  std::string value;
  bool day_month_unsure = false;
};
std::optional<TypedValue> typed_value(const FieldValue& field, const DateHint& dates);

}  // namespace sealift::census
