// Columns: what each column of a table section holds, by its header and, above that, by its values.
//
// A header is a claim. Values decide: a column called "Ref" whose numbers all pass the health
// card's check rule holds health numbers, and one called "Phone" that holds "x124" holds no phones.
// Columns without a header, or with one that says nothing ("Number"), are known by their values
// alone. Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "census/kinds/dates.h"
#include "census/names/models.h"
#include "census/names/person_name.h"
#include "census/structure/table_shape.h"

namespace sealift::census {

struct Column {
  std::optional<HeaderMeaning> meaning;  // nullopt: nothing of a person's
  NameOrder name_order = NameOrder::unknown;
  bool trusted = false;       // its values are of one kind throughout
  bool by_values = false;     // the header did not say so
  bool prose = false;         // sentences
  bool begins_table = false;  // a second table stands to the right, from here
};

// `rows` are those of the section's table. `dates.as_of` bounds birth dates.
std::vector<Column> judge_columns(const TableSection& section, const Rows& rows,
                                  const Models& models, const DateHint& dates);

}  // namespace sealift::census
