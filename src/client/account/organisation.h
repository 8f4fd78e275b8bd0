// The organisation: whose key says who the recovery officers are (parcel/organisation.h).
//
// The server tells its public key and the newest set. Neither counts for this client before a
// person knew the key by its fingerprint: out of the enrolment link, off a paper, or by their yes.
// From then on nobody gets a share of the account whom that key didn't name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/account/officers.h"
#include "client/account/pins.h"
#include "client/api/api.h"
#include "crypto/random.h"
#include "parcel/organisation.h"

namespace sealift::client {

// The secret half, as it is kept on paper or a medium that lies in a safe: Bech32 under the prefix
// "SEALIFT-ORGANISATION-", upper case.
class OrganisationKey {
 public:
  static OrganisationKey generate(crypto::Random& random);
  // Takes any case, and passes over spaces, line ends and "-"; lines that begin with "#" are
  // comments. Errors: malformed.
  static base::Result<OrganisationKey> parse(std::string_view typed);

  crypto::SecretBuffer text() const;
  const crypto::Ed25519Secret& secret() const { return secret_; }

 private:
  explicit OrganisationKey(crypto::Ed25519Secret secret) : secret_(std::move(secret)) {}
  crypto::Ed25519Secret secret_;
};

using parcel::Organisation;
using parcel::ToldOrganisation;

// parcel::judge_organisation() by what is pinned; `named` as parse_fingerprint() gives it, or "".
base::Result<std::optional<Organisation>> judge_organisation(const ToldOrganisation& told,
                                                             const Pins& pins,
                                                             std::string_view named);

// After a person's yes, or where it is known.
void pin_organisation(Pins& pins, const Organisation& organisation);

// Of `officers`, those whom the set names with just these keys. All of them where there is no
// organisation.
std::vector<Officer> signed_officers(const std::optional<Organisation>& organisation,
                                     std::vector<Officer> officers);
// How many have to agree: what the set says, if that is more than `told`.
unsigned threshold_of(const std::optional<Organisation>& organisation, unsigned told);
// What the server says of an account's own recovery, with only the officers whom the organisation
// signed.
void keep_signed(const std::optional<Organisation>& organisation, api::OwnRecovery& own);

// What an administrator hands to somebody new: it names the key that is pinned here, if any
// (entering.h is the grammar).
std::string enrolment_link(std::string_view server_url, const api::Token& token, const Pins& pins);

// As people compare it.
std::string organisation_fingerprint(const std::string& key_text);

}  // namespace sealift::client
