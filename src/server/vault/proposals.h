// Proposals: changes that wait for another administrator and a delay, so that no administrator
// alone decides who administers, who recovers accounts, or what the policy protects. Why it is as
// it is: docs/decisions/0210-changes-that-wait.md.
//
//   proposed --(another administrator confirms)--> due after the delay --(reaper)--> done
//       `-----------------(withdrawn, in a lock-down, after 30 days)-----------------> withdrawn
//
// With one administrator there is nobody to confirm: the delay runs at once, and everybody is told.
// Each step is in the log, and mailed. Any thread.
#pragma once

#include "server/vault/letters.h"

namespace sealift::server::vault {

// What is wanted. change: {"administrator", "recovery_officer"}, or PolicySplit::weaker.
struct Wish {
  catalog::ProposalKind kind = catalog::ProposalKind::roles;
  catalog::AccountId account{};  // zeros for the policy
  nlohmann::json change;
};

// Whether this very change waits, proposed by that account.
base::Result<bool> is_proposed(const catalog::Records& records, const catalog::AccountId& by,
                               const Wish& wish);
// By the caller. Nothing happens where the caller has proposed it before.
// Errors: conflict (another change of the same waits), limit (too many wait).
base::Result<void> propose(Services& services, catalog::Records& records, const Ask& ask,
                           const Wish& wish);
// Errors: not_found, conflict (it waits no more), forbidden (the caller proposed it, or has the
// role by a change of the proposer's that took effect within the delay).
base::Result<void> confirm_proposal(Services& services, catalog::Records& records, const Ask& ask,
                                    const catalog::ProposalId& id);
// Errors: not_found, conflict (it waits no more).
base::Result<void> withdraw_proposal(Services& services, catalog::Records& records, const Ask& ask,
                                     const catalog::ProposalId& id);

// Of an account that will not be.
base::Result<void> withdraw_proposals_of(Notary& notary, catalog::Records& records,
                                         const catalog::AccountId& account, base::UnixTime now);
base::Result<void> withdraw_all_proposals(Notary& notary, catalog::Records& records,
                                          base::UnixTime now);
// What the delay is over for takes effect; what nobody confirmed in time ends.
base::Result<void> make_due_changes(Services& services, base::UnixTime now);

// Errors: damaged.
base::Result<nlohmann::json> proposal_json(const Services& services,
                                           const catalog::Records& records,
                                           const catalog::Proposal& proposal, base::UnixTime now);

}  // namespace sealift::server::vault
