// The value that a field holds, as the type that it asks for (form_fields.h).
#include <array>

#include "census/detect/cell_rules.h"
#include "census/kinds/text_fold.h"
#include "census/records/form_fields.h"

namespace sealift::census {
namespace {

constexpr std::array<ElementType, 4> kHealthNumbers = {
    ElementType::ca_on_health_number, ElementType::ca_bc_health_number,
    ElementType::ca_qc_health_number, ElementType::uk_nhs_number};

std::optional<TypedValue> health_number(const FieldValue& field) {
  std::optional<TypedValue> best;
  double best_score = 0;
  for (const ElementType type : kHealthNumbers) {
    auto value = normalise(type, field.value);
    if (!value) continue;
    const double score = check_score(type, field.value);
    if (score <= best_score) continue;
    best_score = score;
    best = TypedValue{type, *std::move(value), false};
  }
  return best;
}

// Nineteen digits; the last four, zero for most, are often left out, or cut by a narrow column.
std::optional<TypedValue> roll_number(std::string_view raw) {
  std::string digits = digits_of(raw);
  if (digits.size() < 15 || digits.size() > 19) return std::nullopt;
  digits.resize(19, '0');
  return TypedValue{ElementType::property_roll, digits};
}

}  // namespace

std::optional<TypedValue> typed_value(const FieldValue& field, const DateHint& dates) {
  DateHint hint = dates;
  if (field.meaning.date_order != DateOrder::unknown) hint.order = field.meaning.date_order;
  if (field.meaning.field == Field::birth_date) {
    const auto parsed = parse_date(field.value, hint);
    if (!parsed || hint.as_of < parsed->date) return std::nullopt;
    return TypedValue{ElementType::birth_date, parsed->date.iso(),
                      parsed->swapped.has_value() && hint.order == DateOrder::unknown};
  }
  if (field.meaning.field == Field::health_number) return health_number(field);
  if (field.meaning.field == Field::username) {
    auto email = normalise(ElementType::email, field.value);
    if (!email) return std::nullopt;
    return TypedValue{ElementType::email, *std::move(email)};
  }
  const auto type = element_type_of(field.meaning.field);
  if (!type) return std::nullopt;
  if (*type == ElementType::property_roll) return roll_number(field.value);
  auto value = field.trusted ? normalise_shape(*type, field.value, hint)
                             : normalise(*type, field.value, hint);
  if (!value) return std::nullopt;
  return TypedValue{*type, *std::move(value)};
}

}  // namespace sealift::census
