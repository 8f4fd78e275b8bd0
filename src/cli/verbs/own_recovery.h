// One's own account's recovery: said when it waits, and dealt again when officers could open it
// alone.
#pragma once

#include "cli/arguments.h"
#include "cli/server_session.h"
#include "cli/verb.h"
#include "client/account/paper_key.h"

namespace sealift::cli {

// That somebody asked for the account's keys: at every login, and whenever it is looked at.
void warn_of_recovery(const client::api::OwnRecovery& own, base::Language language);

// The end of a login: says what waits, and deals the shares again where each officer could open the
// account alone, or where somebody who is no officer any more has one. What can't be done is said;
// the login is good all the same. `paper_key`: the one that endorses the account's keys, where it
// is at hand; shares get its endorsing key too.
void mind_recovery(const Environment& environment, const Arguments& arguments,
                   ServerSession& session, const client::PaperKey* paper_key = nullptr);

// `sealift account recovery`
Outcome renew_own_recovery(const Environment& environment, const Arguments& arguments,
                           ServerSession& session);

}  // namespace sealift::cli
