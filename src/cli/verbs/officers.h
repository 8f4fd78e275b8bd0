// Recovery officers, as somebody who enrols meets them: shown before anything is sealed to their
// keys, and then confirmed, or compared with the ones named on the command line.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/verb.h"
#include "client/account/officers.h"

namespace sealift::cli {

// Whom the recovery of the account is to be sealed to. With --recovery-officer-key, just those or
// nobody; on a terminal, who is confirmed there; else whoever stands in the log. Sends nothing.
tl::expected<std::vector<std::string>, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    const client::api::Token& token, client::api::EnrolmentOffer& offer, client::Pins& pins);

}  // namespace sealift::cli
