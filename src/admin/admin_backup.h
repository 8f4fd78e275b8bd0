// `sealift admin backup` and `restore`: a server's data folder, copied and brought back.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// `arguments` has two operands, the verb and its folder.
Outcome back_up(const Environment& environment, const Arguments& arguments);
Outcome restore(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
