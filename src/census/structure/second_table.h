// Two tables side by side without a gap: most kinds are there twice, each with other values. Pure
// functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "census/structure/table_columns.h"
#include "census/structure/table_shape.h"

namespace sealift::census::internal {

// The first column of the second table. `names` says which columns without a meaning hold names.
std::optional<std::size_t> second_table_at(const TableSection& section, const Rows& rows,
                                           const std::vector<Column>& columns,
                                           const std::vector<bool>& names);

}  // namespace sealift::census::internal
