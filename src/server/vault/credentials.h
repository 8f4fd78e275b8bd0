// From a front's frame to an Ask: the credential is looked up, never believed.
//
// A session, ticket, upload's key or hand-in key is known by its hash, and has to belong to what
// the path names. The proofs of a link's or request's secret stand in the body: the challenge has
// to be one of ours, fresh and made for this link or request, and signed by the verifier that the
// body names; whether that verifier is a link's, its handler finds out. Thread-safe.
#pragma once

#include <variant>

#include "server/vault/handler.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {

// What the proof in a body says.
struct Proof {
  Challenge challenge{};
  crypto::Ed25519Public verifier{};
  crypto::Ed25519Signature signature{};
};
// Takes the three fields out of a body (schemas Redeem and HandIn).
Proof take_proof(JsonRequest& body);
// The bytes that a proof signs.
bool is_proof_good(const VaultKeys& keys, ChallengeFor purpose, base::ByteView subject,
                   const Proof& proof, base::UnixTime now);

struct Judged {
  Ask ask;
  ServerState state = ServerState::open;
};

// Errors: io and the like; a credential that is none is no error.
base::Result<Judged> judge_credentials(Services& services, const Operation& operation,
                                       const AskFrame& frame, base::UnixTime now);

}  // namespace sealift::server::vault
