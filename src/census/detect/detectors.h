// The detectors of numbers, one a file. Each looks at one number and adds what it makes of it.
//
// All are free functions without state of their own. A finding below kConfidenceMin is a candidate:
// it counts only when other findings beside it speak for it (internal/resolve.h).
#pragma once

#include "census/detect/search.h"

namespace sealift::census::internal {

inline constexpr double kConfidenceMin = 0.5;

void detect_sin(const Number& number, Search& search);
void detect_education_number(const Number& number, Search& search);
void detect_health_number(const Number& number, Search& search);
void detect_qc_health_number(const Number& number, Search& search);
void detect_drivers_licence(const Number& number, Search& search);
void detect_passport(const Number& number, Search& search);
void detect_ssn(const Number& number, Search& search);
void detect_iban(const Number& number, Search& search);
void detect_bank_account(const Number& number, Search& search);
void detect_payment_card(const Number& number, Search& search);
void detect_property_roll(const Number& number, Search& search);
void detect_phone(const Number& number, Search& search);
void detect_address(const Number& number, Search& search);

void detect_email(std::size_t at_sign, Search& search);
// All birth dates of the text, by their keywords.
void detect_birth_dates(Search& search);

}  // namespace sealift::census::internal
