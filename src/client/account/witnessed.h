// Witnesses: what others signed of a server's directory, asked of them and not of the server.
//
// A policy (log/trust_policy.h) says whose word is needed. Each witness gives out the newest state
// that it signed, under a URL of its own; each has to be of the history that this client sees. So a
// server that shows two people two directories needs as many witnesses as the policy does to lie
// with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/account/log_watch.h"
#include "log/trust_policy.h"

namespace sealift::client {

// The body at a URL. Errors: not_found, io, and what the fetcher says.
using Fetch = std::function<base::Result<std::string>(const std::string& url)>;

// Whether enough witnesses signed the log that `pin` follows, within a day, and all of those asked
// tell of that one history. A witness that can't be reached counts as one that didn't sign. Errors:
// no_match (too few), damaged (a witness saw another history), those of LogWatch.
base::Result<void> check_witnesses(const api::Api& api, std::optional<LogPin>& pin, ServerLog which,
                                   const log::TrustPolicy& policy, base::UnixTime now,
                                   const Fetch& fetch);

}  // namespace sealift::client
