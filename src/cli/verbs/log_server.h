// `sealift log verify URL`: a server's log, over the network.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// Everything in the log is read, and compared with its checkpoint and with what this client saw
// before; without a login too.
Outcome verify_server_log(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
