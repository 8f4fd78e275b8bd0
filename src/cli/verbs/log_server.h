// `sealift log verify URL`: a server's log, over the network.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

// Everything in the log is read, and compared with its checkpoint and with what this client saw
// before; without a login too.
// `sealift log accept-restore URL`: shows what a server's operator states of a log that went back,
// and follows the log from there when the person says yes.
Outcome accept_restored_log(const Environment& environment, const Arguments& arguments);

Outcome verify_server_log(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
