// Columns of names that no header names.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "census/names/models.h"
#include "census/names/person_name.h"
#include "census/structure/column_sample.h"
#include "census/structure/table_columns.h"

namespace sealift::census::internal {

struct SplitNames {
  std::size_t surname = 0, given = 0;  // columns
};

// Two columns of single words near each other, of which the lists know the one as surnames and the
// other as given names. `free` says of which columns nothing is known yet.
std::optional<SplitNames> split_names_in(const std::vector<Sample>& samples,
                                         const std::vector<bool>& free, const Models& models);

// "Roe, Ann; born 1984-03-07", "ANN ROE - 905-555-0100": nearly all values begin with a name and go
// on with figures.
bool are_composites(const Sample& sample, const Models& models);

// "Last name, first name": the order that a header asks for.
NameOrder name_order_of(std::string_view header);

// "Summit Tent", "Rose Planter": the share of values whose last word is an ordinary one that nobody
// is called.
double thing_share(const Sample& sample, const Models& models);

// Takes the meaning from columns of names of cups, products and streets.
void drop_names_of_things(const std::vector<Sample>& samples, std::vector<Column>& columns);

}  // namespace sealift::census::internal
