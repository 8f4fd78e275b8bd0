#include "census/structure/field_kinds.h"

#include "census/kinds/kind.h"

namespace sealift::census::internal {

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

bool has_shape_rule(ElementType type) {
  const Form form = kind_of(type).form;
  return form != Form::words && form != Form::password && form != Form::address &&
         form != Form::name;
}

bool is_taught(Field field) {
  switch (field) {
    case Field::initials:
    case Field::name_title:
    case Field::name_suffix:
    case Field::former_name:
    case Field::country:
    case Field::health_version_code:
    case Field::bc_health_number:
    case Field::qc_health_number:
    case Field::ssn:
    case Field::nhs_number:
    case Field::iban:
    case Field::bank_institution:
    case Field::bank_transit:
    case Field::card_expiry:
    case Field::student_number:
    case Field::school:
    case Field::student_note:
    case Field::medication:
    case Field::vaccine:
    case Field::health_note:
    case Field::department:
    case Field::hire_date:
    case Field::citizenship:
    case Field::username:
    case Field::assessed_value:
    case Field::death_date:
    case Field::deceased:
      return false;
    default:
      return true;
  }
}

bool is_personal(Field field) {
  switch (field) {
    case Field::age:
    case Field::sex:
    case Field::relationship:
    case Field::street_number:
    case Field::grade:
    case Field::homeroom:
    case Field::position:
    case Field::salary:
    case Field::employee_number:
    case Field::bank_institution_and_transit:
    case Field::bank_account:
    case Field::password:
    case Field::passport:
    case Field::education_number:
    case Field::other_number:
    case Field::other_date:
    case Field::note:
    case Field::organisation:
      return false;
    default:
      return is_taught(field);
  }
}

bool needs_label(Field field) {
  return !is_personal(field) && is_taught(field) && field != Field::other_number &&
         field != Field::other_date && field != Field::note && field != Field::organisation;
}

}  // namespace sealift::census::internal
