// The values of one column that are looked at, and what they show of themselves.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "census/detect/cell_rules.h"
#include "census/kinds/dates.h"
#include "census/structure/table_shape.h"

namespace sealift::census::internal {

struct Sample {
  std::vector<std::string_view> values;  // not empty
  ColumnEvidence evidence;

  double share(ElementType type) const {
    return values.empty()
               ? 0
               : static_cast<double>(evidence.of(type).shape) / static_cast<double>(values.size());
  }
  template <typename Predicate>
  double share_of(Predicate holds) const {
    if (values.empty()) return 0;
    return static_cast<double>(std::ranges::count_if(values, holds)) /
           static_cast<double>(values.size());
  }
};

Sample sample_of(const TableSection& section, const Rows& rows, std::size_t column);

// Dates, nearly all of them past: children of one class are born in one year.
bool all_past(const Sample& sample, const DateHint& dates);
// Past dates that spread over a generation.
bool are_dates_of_lives(const Sample& sample, const DateHint& dates);
// Health cards of several provinces in one column: none is nearly all, together they are.
bool is_health_mix(const Sample& sample);

// Ten bare digits are any number; phones are written with signs between.
bool look_like_phones(const Sample& sample);

bool has_digit(std::string_view value);
bool has_letter(std::string_view value);

}  // namespace sealift::census::internal
