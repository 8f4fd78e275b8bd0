// Recovery officers, as an account's owner meets them: shown before they get shares of the
// account's recovery, and then confirmed, or compared with the ones named on the command line.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/verb.h"
#include "client/account/officers.h"
#include "client/account/own_recovery.h"

namespace sealift::cli {

inline constexpr Option kOfficersOption{'\0', "recovery-officer-key", Takes::value};

// As a server tells them. `unseen`: what becomes of officers whom nobody named, confirmed or
// accepted before.
enum class Unseen : std::uint8_t { take, refuse };
struct ToldOfficers {
  client::Entries entries;
  client::AskOfficers again;
  unsigned threshold = 2;
  Unseen unseen = Unseen::take;
};

// Who gets shares of the account's recovery; nobody, where there are too few. With
// --recovery-officer-key, just those or nobody; else those whom the owner accepted on this machine
// before, or confirms on the terminal now; without one, as `unseen` says. Sends nothing.
tl::expected<std::vector<client::Officer>, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    ToldOfficers told, const parcel::Address& owner, client::Pins& pins);

}  // namespace sealift::cli
