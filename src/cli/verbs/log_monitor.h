// `sealift log watch`: follows the directory of the server that one is logged in to, names each
// change of the keys of given addresses, and compares with what others saw.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// Operands: addresses. Options: --note FILE, --compare FILE, --json.
Outcome watch_directory(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
