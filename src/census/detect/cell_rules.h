// A value alone: a table cell or what stands behind a form label.
//
// There is no text around it to weigh, but often a column of its like: column_evidence() counts how
// many values have the shape of each identifier and how many pass its check rule. In a column of
// identifiers all pass; in a column of other numbers about one in ten does. Pure, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "census/kinds/dates.h"
#include "census/kinds/element_type.h"

namespace sealift::census {

// The exported form of `raw` when it is a well-formed value of that type: digits alone, E.164, ISO
// date, upper-case address, ... Check digits are demanded where the rule is official and complete
// (SIN, health numbers, cards, IBAN). nullopt otherwise.
// A health number's version code is left out. Dates follow `hint`.
std::optional<std::string> normalise(ElementType type, std::string_view raw,
                                     const DateHint& hint = {});

// The same without check digits: `raw` has the right letters and digits.
std::optional<std::string> normalise_shape(ElementType type, std::string_view raw,
                                           const DateHint& hint = {});

// How much the value itself speaks for the type, 0..1: 0 wrong shape, about 0.1 a number like many,
// 0.5 a shape that few other things have, 0.9 and more a shape with a check rule that holds.
double check_score(ElementType type, std::string_view raw);

// The two letters behind an Ontario health number ("9876543217 AA" -> "AA"); nullopt for none.
std::optional<std::string> health_version_code(std::string_view raw);

struct TypeCount {
  std::uint32_t shape = 0;  // values with the shape
  std::uint32_t check = 0;  // of those, how many pass the check rule; 0 where there is none
};

struct ColumnEvidence {
  std::uint32_t values = 0;  // that are not empty
  std::uint32_t distinct = 0;
  std::array<TypeCount, kElementTypes> counts{};

  const TypeCount& of(ElementType type) const { return counts[static_cast<std::size_t>(type)]; }

  // The identifier type that the values themselves prove, header or not: nearly all have the shape
  // and nearly all pass a check rule that chance would let one in ten pass, with enough values that
  // chance is ruled out. nullopt when they prove nothing.
  std::optional<ElementType> proven() const;

  // P(the column is of that type | the values), given how likely its header makes it.
  double probability(ElementType type, double prior) const;
};

// Names and dates are not counted: they prove no column.
ColumnEvidence column_evidence(const std::vector<std::string_view>& values);

}  // namespace sealift::census
