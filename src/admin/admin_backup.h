// `sealift admin backup`, `restore` and `fsck`: a data folder copied, brought back, and looked at.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// `arguments` has two operands, the verb and its folder; of fsck the verb alone.
Outcome back_up(const Environment& environment, const Arguments& arguments);
Outcome restore(const Environment& environment, const Arguments& arguments);
Outcome check_folder(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
