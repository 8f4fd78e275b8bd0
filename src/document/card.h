// A card: what a format with fixed fields says about the people of one of its records.
//
// A message of HL7 v2, a FHIR resource, a CDA document, a loop of X12 or a vCard says of each value
// what it is and whose. Readers hand that on as it stands instead of drawing a table for the census
// to guess at. Every fact is about one party of the card; `ordinal` tells parties of one kind apart
// (the second guardian). A value that no kind fits goes out as text beside the card.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sealift::document {

// Who a fact is about, seen from the person whom the card is about. The numbers are in the wire
// form: never renumber.
enum class Party : std::uint8_t {
  subject = 1,  // a patient, a member, a contact: the card is about them
  guardian = 2,
  spouse = 3,
  child = 4,
  emergency_contact = 5,
  relative = 6,  // of the same household or family, and nothing more is said
  staff = 7,     // physicians, senders, clerks: here because of their work
};

enum class FactKind : std::uint8_t {
  full_name = 1,
  last_name = 2,
  first_name = 3,
  middle_name = 4,
  name_suffix = 5,
  other_name = 6,  // maiden name, alias: of the same person
  birth_date = 7,
  death_date = 8,
  deceased = 9,  // any value: the card says that they are dead
  address = 10,  // all of one, in one value
  phone = 11,
  email = 12,
  health_number = 13,  // of some province; the value tells which
  social_insurance_number = 14,
  social_security_number = 15,
  nhs_number = 16,
  drivers_licence = 17,
  passport = 18,
  education_number = 19,
  iban = 20,
  bank_account = 21,
  payment_card = 22,
  health_record = 23,  // a diagnosis, a medicine, an allergy, in words
  student_record = 24,
  employment_record = 25,
  religion = 26,
  citizenship = 27,
  credential = 28,
};

struct Fact {
  Party party = Party::subject;
  std::uint8_t ordinal = 0;
  FactKind kind = FactKind::full_name;
  std::string value;  // as written
  std::string field;  // where on the card, in the format's own words: "PID-5", "Patient.name"

  bool operator==(const Fact&) const = default;
};

}  // namespace sealift::document
