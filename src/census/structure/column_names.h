// Columns of names that no header names.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "census/names/models.h"
#include "census/structure/column_sample.h"

namespace sealift::census::internal {

struct SplitNames {
  std::size_t surname = 0, given = 0;  // columns
};

// Two columns of single words near each other, of which the lists know the one as surnames and the
// other as given names. `free` says of which columns nothing is known yet.
std::optional<SplitNames> split_names_in(const std::vector<Sample>& samples,
                                         const std::vector<bool>& free, const Models& models);

}  // namespace sealift::census::internal
