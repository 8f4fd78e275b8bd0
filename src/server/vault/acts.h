// Acts: what an account's owner signs (parcel/account_act.h), checked and kept.
//
// The gate judges the signature before a handler sees the request; commit_act() then takes the act
// into the account's chain in the transaction of what it does, so that each is done exactly once,
// and on what its signer saw. A repetition (docs/decisions/0076) is the chain's last act again.
#pragma once

#include "server/vault/handler.h"

namespace sealift::server::vault {

// What an account's next act has to name.
// Errors: io and the like.
base::Result<nlohmann::json> act_state_json(Services& services, const catalog::AccountId& account,
                                            base::UnixTime now);

// The request's act as its field has it, signed by `key`. Errors: forbidden (none, or for another
// request, or an old challenge, or a bad signature).
struct Signer {
  catalog::AccountId account{};
  catalog::Generation generation{};
  crypto::Ed25519Public key{};
};
base::Result<SignedAct> judge_act(const Services& services, const Ask& ask, const Signer& signer);
// By the newest key of the session's account. Errors: as above.
base::Result<SignedAct> judge_act_of_session(Services& services, const Ask& ask);

// SHA-256 over the account's ways in, as acts name it. Errors: damaged.
base::Result<crypto::Sha256Digest> slots_digest(const Services& services,
                                                const catalog::Records& records,
                                                const catalog::AccountId& account);

enum class ActTaken : std::uint8_t { first_time, again };
// Errors: conflict (the chain has gone on).
base::Result<ActTaken> begin_act(const catalog::Records& records, const SignedAct& act);
// After the work. Errors: conflict (the slots are not those that the act names).
base::Result<void> end_act(const Services& services, catalog::Records& records,
                           const SignedAct& act, ActTaken taken, base::UnixTime now);

// As commit(), and the act with it. One that comes again gets its answer from work that is undone:
// what it did may have been changed since.
template <typename Work>
auto commit_act(Services& services, const SignedAct& act, base::UnixTime now, Work work) {
  using Outcome = std::invoke_result_t<Work&, catalog::Records&>;
  std::optional<Outcome> again;
  Outcome done = commit(services, [&](catalog::Records& records) -> Outcome {
    SEALIFT_TRY(const ActTaken taken, begin_act(records, act));
    Outcome outcome = work(records);
    if (!outcome) return outcome;
    SEALIFT_TRY_VOID(end_act(services, records, act, taken, now));
    if (taken == ActTaken::first_time) return outcome;
    again = std::move(outcome);
    return base::fail(base::ErrorCode::conflict, "done before");
  });
  return again ? *std::move(again) : std::move(done);
}
// Unsigned, where the gate let it through like that.
template <typename Work>
auto commit_act(Services& services, const Ask& ask, Work work) {
  SEALIFT_CHECK(ask.act.has_value() || ask.operation.asked_by != AskedBy::owner);
  if (!ask.act) return commit(services, std::move(work));
  return commit_act(services, *ask.act, ask.now, std::move(work));
}

}  // namespace sealift::server::vault
