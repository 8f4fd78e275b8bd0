// Proposals: changes that wait. Who administers, who is a recovery officer, and every weakening of
// the policy change only after another administrator has confirmed it, and a delay.
// See docs/decisions/0210-changes-that-wait.md.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

// Never renumber.
enum class ProposalKind : std::uint8_t { roles = 1, policy = 2 };
enum class ProposalState : std::uint8_t { waiting = 1, done = 2, withdrawn = 3 };

struct Proposal {
  ProposalId id{};
  ProposalKind kind = ProposalKind::roles;
  // Whose roles; it may not have enrolled yet. Zeros for the policy.
  AccountId account{};
  base::Bytes change{};  // JSON of the vault's: the roles, or the settings that get weaker
  AccountId proposed_by{};
  base::UnixTime proposed{};
  std::optional<AccountId> confirmed_by{};
  std::optional<base::UnixTime> not_before{};    // nullopt: somebody has to confirm it first
  ProposalState state = ProposalState::waiting;  // set by the catalog
  std::optional<base::UnixTime> ended{};         // set by the catalog
};

class Proposals {
 public:
  virtual ~Proposals() = default;

  // taken: one for the same account's roles, or for the policy, waits.
  virtual base::Result<Insert> add(const Proposal& proposal) = 0;
  virtual base::Result<std::optional<Proposal>> find(const ProposalId& id) const = 0;
  // Oldest first.
  virtual base::Result<std::vector<Proposal>> waiting() const = 0;
  // stale: it doesn't wait, or needs no confirmation.
  virtual base::Result<Change> confirm(const ProposalId& id, const AccountId& by,
                                       base::UnixTime not_before) = 0;
  // stale: it doesn't wait.
  virtual base::Result<Change> end(const ProposalId& id, ProposalState state,
                                   base::UnixTime now) = 0;
  // How many changes of the account's roles took effect since then that `by` had proposed.
  virtual base::Result<std::uint64_t> roles_given(const AccountId& account, const AccountId& by,
                                                  base::UnixTime since) const = 0;
};

}  // namespace sealift::catalog
