// `sealift admin doctor`: what an operator should know before it goes wrong.
#pragma once

#include "cli/arguments.h"
#include "server/vault/host.h"

namespace sealift::cli {

Outcome examine(const Environment& environment, server::vault::Host& host,
                const Arguments& arguments);

}  // namespace sealift::cli
