// judge_signer: whether a parcel was signed by whom it names, while that key was theirs.
//
// A key that was replaced may be a thief's (docs/decisions/0118, 0215). What it signed counts if
// the log, up to where the owner ended that key, has the parcel's completion with the digest of the
// sealed manifest; and, for an addendum, that the reader was added. The server is asked for the
// proofs, and not believed.
#pragma once

#include "client/account/retired_keys.h"

namespace sealift::client {

struct SignedParcel {
  const api::Parcel& about;                // by the server's word
  crypto::Sha256Digest sealed_manifest{};  // of the payload as it came: what the log commits to
  api::AccountId reader{};
};
enum class Signature : std::uint8_t { of_manifest, of_addendum };

// `found`: the keys of whom the parcel names. `watch` follows the server's log. Errors: damaged
// (another's key; or a replaced one, and nothing proves that it signed in time), those of calls.
base::Result<void> judge_signer(const api::Api& api, LogWatch& watch, const FoundKeys& found,
                                const crypto::Ed25519Public& key, Signature what,
                                const SignedParcel& parcel);

}  // namespace sealift::client
