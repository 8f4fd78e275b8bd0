// The kinds of personal data that a census can name, in the order of the export format. What each
// of them is, is in kind.h. Free functions without state: any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sealift::census {

enum class ElementType : std::uint8_t {
  name,
  birth_date,
  address,
  phone,
  email,
  ca_sin,
  ca_on_health_number,
  ca_on_education_number,
  ca_on_drivers_licence,
  ca_passport,
  ca_bc_health_number,
  ca_qc_health_number,
  us_ssn,
  uk_nhs_number,
  iban,
  ca_bank_account,
  payment_card,
  student_record,
  health_record,
  employment_record,
  property_roll,
  religion,
  citizenship,
  credential,
};

inline constexpr std::size_t kElementTypes = static_cast<std::size_t>(ElementType::credential) + 1;

// Every type, in order.
constexpr std::array<ElementType, kElementTypes> all_element_types() {
  std::array<ElementType, kElementTypes> all{};
  for (std::size_t i = 0; i < kElementTypes; ++i) all[i] = static_cast<ElementType>(i);
  return all;
}

// The name in the export, e.g. "ca.on.health_number".
std::string_view to_string(ElementType type);

// nullopt for anything that to_string() does not return.
std::optional<ElementType> element_type_of(std::string_view text);

// A number of which a person has one and nobody else has the same: health, tax, education, driving.
bool is_number_of_one_person(ElementType type);

}  // namespace sealift::census
