#include "census/kinds/element_type.h"

#include <algorithm>

#include "base/check.h"

namespace sealift::census {
namespace {

constexpr std::array<std::string_view, kElementTypes> kNames = {
    "name",
    "birth_date",
    "address",
    "phone",
    "email",
    "ca.sin",
    "ca.on.health_number",
    "ca.on.education_number",
    "ca.on.drivers_licence",
    "ca.passport",
    "ca.bc.health_number",
    "ca.qc.health_number",
    "us.ssn",
    "uk.nhs_number",
    "iban",
    "ca.bank_account",
    "payment_card",
    "student_record",
    "health_record",
    "employment_record",
    "property_roll",
    "religion",
    "citizenship",
    "credential",
};

}  // namespace

std::string_view to_string(ElementType type) {
  const auto at = static_cast<std::size_t>(type);
  SEALIFT_CHECK(at < kNames.size());
  return kNames[at];
}

std::optional<ElementType> element_type_of(std::string_view text) {
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ElementType>(found - kNames.begin());
}

bool is_number_of_one_person(ElementType type) {
  switch (type) {
    case ElementType::ca_sin:
    case ElementType::ca_on_health_number:
    case ElementType::ca_on_education_number:
    case ElementType::ca_on_drivers_licence:
    case ElementType::ca_bc_health_number:
    case ElementType::ca_qc_health_number:
    case ElementType::us_ssn:
    case ElementType::uk_nhs_number:
      return true;
    default:
      return false;
  }
}

}  // namespace sealift::census
