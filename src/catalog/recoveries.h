// Recoveries: giving out an account's recovery slot, a delayed act with several approvals.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class RecoveryState : std::uint8_t { waiting = 1, released = 2, cancelled = 3 };

struct Recovery {
  RecoveryId id{};
  AccountId account{};
  AccountId asked_by{};
  RecoveryState state = RecoveryState::waiting;  // set by the catalog
  base::UnixTime created{};
  base::UnixTime not_before{};
  std::uint32_t approvals = 0;  // set by the catalog
  std::string recipient{};      // age's: what approving officers seal their shares to
};

// Beside a recovery slot in shares: the server's half, and each officer's share of the other.
// They end with the slot.
struct RecoveryShare {
  AccountId officer{};
  base::Bytes wrapped{};  // an age file that the officer opens
};
struct DealtRecovery {
  SlotId slot{};
  std::uint32_t threshold = 0;
  base::Bytes wrapped_half{};
  std::vector<RecoveryShare> shares{};
};

enum class Approve { approved, again, own_account, not_an_officer, not_waiting };
enum class Release { released, too_early, too_few, not_waiting };

class Recoveries {
 public:
  virtual ~Recoveries() = default;

  // taken: one is waiting for this account.
  virtual base::Result<Insert> ask(const Recovery& recovery) = 0;
  virtual base::Result<std::optional<Recovery>> find(const RecoveryId& id) const = 0;
  virtual base::Result<std::vector<Recovery>> waiting() const = 0;
  // `wrapped_share`: the officer's, sealed to the recovery's recipient; empty for a slot that was
  // sealed to each officer.
  virtual base::Result<Approve> approve(const RecoveryId& id, const AccountId& officer,
                                        base::ByteView wrapped_share, base::UnixTime now) = 0;
  // Of the approvals that count.
  virtual base::Result<std::vector<RecoveryShare>> approved_shares(const RecoveryId& id) const = 0;

  virtual base::Result<void> deal(const DealtRecovery& dealt) = 0;
  virtual base::Result<std::optional<DealtRecovery>> dealt(const SlotId& slot) const = 0;
  // To exactly one caller. Only approvals of accounts that are active officers now count.
  virtual base::Result<Release> release(const RecoveryId& id, std::uint32_t approvals_min,
                                        base::UnixTime now) = 0;
  // stale: not waiting.
  virtual base::Result<Change> cancel(const RecoveryId& id) = 0;
};

}  // namespace sealift::catalog
