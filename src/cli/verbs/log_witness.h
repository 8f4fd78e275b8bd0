// `sealift log witness`: cosigns another server's logs while they grow as logs may.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// Operand: URL. Options: --state DIR, --key FILE, --json.
Outcome witness_server(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
