// Recovery officers, as an account's owner meets them: shown before they get shares of the
// account's recovery, and then confirmed, or compared with the ones named on the command line.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/verb.h"
#include "client/account/organisation.h"
#include "client/account/own_recovery.h"

namespace sealift::cli {

inline constexpr Option kOfficersOption{'\0', "recovery-officer-key", Takes::value};
inline constexpr Option kOrganisationOption{'\0', "organisation-key", Takes::value};

// As a server tells them. `unseen`: what becomes of officers whom nobody named, confirmed or
// accepted before.
enum class Unseen : std::uint8_t { take, refuse };
struct ToldOfficers {
  client::Entries entries;
  client::AskOfficers again;
  unsigned threshold = 2;
  std::optional<std::string> officer_set{};  // signed by the organisation's key
  std::string organisation{};                // that key's fingerprint, as a link names it; or ""
  Unseen unseen = Unseen::take;
};

// The fingerprints of --recovery-officer-key.
tl::expected<std::vector<std::string>, Failure> officers_named_in(const Arguments& arguments);

// What the server says of the organisation, judged by the pins, the link, and --organisation-key.
tl::expected<std::optional<client::Organisation>, Failure> organisation_of(
    const Arguments& arguments, const client::api::Api& api, const ToldOfficers& told,
    const client::Pins& pins);

// Who gets shares of the account's recovery; nobody, where there are too few. Where the
// organisation has a key, only officers whom it signed; if that key is known here, nobody is asked.
// With --recovery-officer-key, just those or nobody; else those whom the owner accepted on this
// machine before, or confirms on the terminal now; without one, as `unseen` says. Sends nothing.
struct ApprovedOfficers {
  std::vector<client::Officer> officers{};
  unsigned threshold = 2;  // how many of them have to agree
};
tl::expected<ApprovedOfficers, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    ToldOfficers told, const parcel::Address& owner, client::Pins& pins);

}  // namespace sealift::cli
