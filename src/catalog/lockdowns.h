// Lock-downs: one person locks, two reopen. While locked, no link or grant is opened, no request is
// used and no ticket is good: openings.h and requests.h ask here in their own statements.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct Lockdown {
  LockdownId id{};
  std::optional<AccountId> locked_by{};  // nullopt: from the machine's own command line
  base::UnixTime locked{};
  std::optional<base::UnixTime> reopened{};
  std::uint32_t approvals = 0;
};

class Lockdowns {
 public:
  virtual ~Lockdowns() = default;

  // taken: locked already.
  virtual base::Result<Insert> lock(const LockdownId& id, const std::optional<AccountId>& by,
                                    base::UnixTime now) = 0;
  // nullopt: open.
  virtual base::Result<std::optional<Lockdown>> current() const = 0;
  // One person counts once. stale: approved by them already; absent: this is not the current one.
  virtual base::Result<Change> approve_reopening(const LockdownId& id, const AccountId& by,
                                                 base::UnixTime now) = 0;
  // stale: fewer than `approvals_min` approvals by accounts that are active administrators now.
  virtual base::Result<Change> reopen(const LockdownId& id, std::uint32_t approvals_min,
                                      base::UnixTime now) = 0;
  virtual base::Result<std::vector<Lockdown>> history() const = 0;
};

}  // namespace sealift::catalog
