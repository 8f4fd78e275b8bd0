// What kinds of fields are to a table: names, vague ones, those that values alone can show.
//
// Pure functions, any thread.
#pragma once

#include <optional>

#include "census/kinds/element_type.h"
#include "census/structure/field.h"

namespace sealift::census::internal {

bool is_name_field(Field field);

// Headers that leave open what the values are.
bool is_vague(const HeaderMeaning& meaning);

// The field of an identifier whose check rule a column passes.
std::optional<Field> field_of_type(ElementType type);

// Has a value of the type letters and digits of its own, so that other values don't fit?
bool has_shape_rule(ElementType type);

// Fields that the values' weights were taught; the others only a header can name.
bool is_taught(Field field);

// Kinds that say something of a person, and that values can show without a header.
bool is_personal(Field field);

// Kinds whose values look like many others': a header must say so, if in words that only the
// weights know.
bool needs_label(Field field);

}  // namespace sealift::census::internal
