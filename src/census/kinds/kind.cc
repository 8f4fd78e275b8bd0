#include "census/kinds/kind.h"

#include <algorithm>

#include "base/check.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

std::string when(bool holds, std::string_view value) {
  return holds ? std::string(value) : std::string();
}

bool only_digits(std::string_view text) { return std::ranges::all_of(text, is_ascii_digit); }

template <std::size_t size>
std::string digits_of_size(std::string_view text) {
  return when(text.size() == size && only_digits(text), text);
}

// Digits alone, of which `possible` holds.
template <bool (*possible)(std::string_view)>
std::string digits_that(std::string_view text) {
  return when(only_digits(text) && possible(text), text);
}

template <bool (*possible)(std::string_view)>
std::string text_that(std::string_view text) {
  return when(possible(text), text);
}

std::string on_health_number_shape(std::string_view text) {
  std::string number = health_digits(text);
  return number.starts_with('0') ? std::string() : number;
}

std::string bc_health_number_shape(std::string_view text) {
  std::string number = health_digits(text);
  return number.starts_with('9') ? number : std::string();
}

std::string iban_shape(std::string_view text) {
  return when(text.size() >= 15 && text.size() <= 34 && is_ascii_upper(text[0]) &&
                  is_ascii_upper(text[1]) && is_ascii_digit(text[2]) && is_ascii_digit(text[3]),
              text);
}

// Nine digits of which a spreadsheet has lost leading zeros can't be told from shorter numbers.
// Strengths: an identifier's check digit and its usual grouping, as measured on columns of other
// numbers (docs/census/detectors.md).
// clang-format off
constexpr std::array<Kind, kElementTypes> kKinds = {{
    {ElementType::name, "name", "Name", "Nom",
     Form::name, Mask::initials, LinkKind::none, {0.4}},
    {ElementType::birth_date, "birth_date", "Date of birth", "Date de naissance",
     Form::date, Mask::year, LinkKind::none, {0.4}},
    {ElementType::address, "address", "Address", "Adresse",
     Form::address, Mask::initials, LinkKind::address, {0.9}},
    {ElementType::phone, "phone", "Phone", "Téléphone",
     Form::phone, Mask::all_but_the_end, LinkKind::phone, {0.9, "10 11", 0.2}},
    {ElementType::email, "email", "Email", "Courriel",
     Form::email, Mask::mailbox, LinkKind::email, {0.99}, Check::none, nullptr, nullptr, true},
    {ElementType::ca_sin, "ca.sin", "Social insurance number", "Numéro d’assurance sociale",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.35, "3-3-3", 0.6},
     Check::decides, digits_of_size<9>, sin_valid},
    {ElementType::ca_on_health_number, "ca.on.health_number", "Ontario health number", "Numéro de carte Santé de l’Ontario",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.4, "4-3-3", 0.8},
     Check::decides, on_health_number_shape, on_health_number_valid},
    {ElementType::ca_on_education_number, "ca.on.education_number", "Ontario education number", "Numéro de l’élève de l’Ontario",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.1, "3-3-3", 0.3},
     Check::none, digits_of_size<9>},
    {ElementType::ca_on_drivers_licence, "ca.on.drivers_licence", "Driver's licence", "Permis de conduire",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.75, "5-5-5", 0.95},
     Check::none, text_that<on_drivers_licence_possible>, nullptr, true},
    {ElementType::ca_passport, "ca.passport", "Passport", "Passeport",
     Form::number, Mask::all_but_the_end, LinkKind::personal, {0.4},
     Check::none, text_that<ca_passport_possible>},
    {ElementType::ca_bc_health_number, "ca.bc.health_number", "B.C. health number", "Numéro d’assurance maladie (C.-B.)",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.6, "10", 0.35},
     Check::decides, bc_health_number_shape, bc_health_number_valid},
    // RAMQ letters and date say enough by themselves: a wrong check digit doesn't rule it out.
    {ElementType::ca_qc_health_number, "ca.qc.health_number", "Quebec health number", "Numéro d’assurance maladie (RAMQ)",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.97},
     Check::adds, text_that<qc_health_number_shape>, qc_health_number_valid, true},
    {ElementType::us_ssn, "us.ssn", "U.S. social security number", "Numéro de sécurité sociale (É.-U.)",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.08, "3-2-4", 0.7},
     Check::none, digits_that<ssn_possible>},
    {ElementType::uk_nhs_number, "uk.nhs_number", "NHS number", "Numéro NHS",
     Form::number, Mask::all_but_the_end, LinkKind::exclusive, {0.6, "10", 0.35},
     Check::decides, digits_of_size<10>, nhs_number_valid},
    {ElementType::iban, "iban", "IBAN", "IBAN",
     Form::number, Mask::all_but_the_end, LinkKind::account, {0.99},
     Check::decides, iban_shape, iban_valid, true},
    {ElementType::ca_bank_account, "ca.bank_account", "Bank account", "Compte bancaire",
     Form::number, Mask::all_but_the_end, LinkKind::account, {0.1},
     Check::none, digits_that<ca_bank_account_possible>},
    {ElementType::payment_card, "payment_card", "Payment card", "Carte de paiement",
     Form::number, Mask::all_but_the_end, LinkKind::personal, {0.95, "16 15", 0.7},
     Check::decides, digits_that<payment_card_shape>, payment_card_valid},
    {ElementType::student_record, "student_record", "Student record", "Dossier scolaire",
     Form::words, Mask::everything, LinkKind::none, {}},
    {ElementType::health_record, "health_record", "Health record", "Renseignements de santé",
     Form::words, Mask::everything, LinkKind::none, {}},
    {ElementType::employment_record, "employment_record", "Employment record", "Dossier d’emploi",
     Form::words, Mask::everything, LinkKind::none, {}},
    {ElementType::property_roll, "property_roll", "Property roll", "Rôle d’évaluation foncière",
     Form::number, Mask::all_but_the_end, LinkKind::property, {0.4, "-", 0.95},
     Check::none, digits_that<property_roll_possible>},
    {ElementType::religion, "religion", "Religion", "Religion",
     Form::words, Mask::everything, LinkKind::none, {}},
    {ElementType::citizenship, "citizenship", "Citizenship", "Citoyenneté",
     Form::words, Mask::everything, LinkKind::none, {}},
    {ElementType::credential, "credential", "Password", "Mot de passe",
     Form::password, Mask::everything, LinkKind::none, {}},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kElementTypes; ++i)
    if (kKinds[i].type != static_cast<ElementType>(i)) return false;
  return true;
}
static_assert(in_order());

}  // namespace

const std::array<Kind, kElementTypes>& kinds() { return kKinds; }

const Kind& kind_of(ElementType type) {
  const auto at = static_cast<std::size_t>(type);
  SEALIFT_CHECK(at < kKinds.size());
  return kKinds[at];
}

bool identifies(const Kind& kind) {
  return kind.link == LinkKind::exclusive || kind.link == LinkKind::personal ||
         kind.type == ElementType::iban;
}

std::string health_digits(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view version = text.substr(digits);
  if (digits != 10 || version.size() > 2 || !std::ranges::all_of(version, is_ascii_upper))
    return {};
  return std::string(text.substr(0, digits));
}

}  // namespace sealift::census
