// The official check rules of identifiers, each on digits alone (spaces and dashes taken out).
//
// All of them are false for text of another length or with another character. Sources stand beside
// each rule; docs/census/detectors.md says which are evidence and which decide. Pure, any thread.
#pragma once

#include <string_view>

namespace sealift::census {

// ISO/IEC 7812-1 (Luhn), any length from 2: SIN, Ontario health number, payment cards.
bool luhn_valid(std::string_view digits);

// Social Insurance Number: nine digits, Luhn, first digit neither 0 nor 8.
bool sin_valid(std::string_view digits);

// Ontario health number: ten digits, first not 0, Luhn (Ministry of Health, interface to health
// care systems, section 5.13).
bool on_health_number_valid(std::string_view digits);

// British Columbia Personal Health Number: ten digits beginning with 9, weights 2 4 8 5 10 9 7 3.
bool bc_health_number_valid(std::string_view digits);

// RAMQ: four letters and eight digits; the letters, the century, the date and the sequence number
// are weighed. Both published treatments of the month of women are accepted.
bool qc_health_number_valid(std::string_view letters_and_digits);
// The same without its last digit: four letters, YYMMDD with a possible date.
bool qc_health_number_shape(std::string_view letters_and_digits);

// UK NHS number: ten digits, weights 10..2, modulo 11.
bool nhs_number_valid(std::string_view digits);

// US Social Security Number: what the Administration never issues is refused; there is no check
// digit.
bool ssn_possible(std::string_view digits);

// IBAN: a country of the registry with its length and letter pattern, ISO 7064 MOD 97-10.
bool iban_valid(std::string_view letters_and_digits);

// Length and leading digits of a payment card network, then Luhn. Published test numbers are
// refused.
bool payment_card_valid(std::string_view digits);
bool payment_card_shape(std::string_view digits);  // network and length alone

// Ontario driver's licence: a letter and 14 digits ending in YYMMDD, women's months plus 50.
bool on_drivers_licence_possible(std::string_view letter_and_digits);

// Canadian passport: two letters and six digits, or (since 2023) a letter, six digits, two letters.
bool ca_passport_possible(std::string_view letters_and_digits);

// Ontario assessment roll number: 15 or 19 digits, a county or city of Ontario first.
bool property_roll_possible(std::string_view digits);

// North American number of ten digits whose area code is of a place, not of a service.
bool nanp_possible(std::string_view digits);

// Canadian bank account number: 7 to 12 digits, not all alike.
bool ca_bank_account_possible(std::string_view digits);
// Three digits of an institution that takes part in payments.
bool ca_bank_institution_known(std::string_view digits);

}  // namespace sealift::census
