// `sealift admin reopen-keys`, `reopen` and `state-restore`: what an operator does with the keys on
// paper.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"
#include "server/vault/host.h"

namespace sealift::cli {

Outcome make_reopen_keys(const Environment& environment, server::vault::Host& host,
                         const Arguments& arguments);
Outcome reopen(const Environment& environment, server::vault::Host& host,
               const Arguments& arguments);
Outcome state_restore(const Environment& environment, server::vault::Host& host,
                      const Arguments& arguments);

// On standard error, where a lock-down could leave nobody to end it.
void warn_of_reopening(const Environment& environment, server::vault::Host& host);

}  // namespace sealift::cli
