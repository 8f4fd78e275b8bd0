// The trust policy of a profile: whose signatures a server's directory needs before anything is
// sealed to a key out of it.
#pragma once

#include "cli/server_session.h"

namespace sealift::cli {

// A file of C2SP tlog-policy's form in the profile's folder; without it nothing is asked.
inline constexpr std::string_view kTrustPolicyName = "trust-policy";

// Asks the policy's witnesses, where there is a policy. Errors: no_match (too few signed), damaged
// (one of them saw another history), and those of reading the file.
Outcome check_trust_policy(const Environment& environment, ServerSession& session);
// The same with the policy in `path`.
Outcome check_trust_policy(const Environment& environment, ServerSession& session,
                           const std::string& path);

}  // namespace sealift::cli
