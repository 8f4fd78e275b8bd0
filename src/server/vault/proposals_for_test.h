// For tests: what waits takes effect, as if it were confirmed and its delay over.
#pragma once

#include "server/vault/proposals.h"

namespace sealift::server::vault {

inline void make_waiting_changes(Services& services, base::UnixTime now) {
  const auto confirmed =
      services.catalog.transact([&](catalog::Records& records) -> base::Result<void> {
        SEALIFT_TRY(const auto waiting, records.proposals->waiting());
        for (const catalog::Proposal& each : waiting)
          SEALIFT_TRY_VOID(records.proposals->confirm(each.id, each.proposed_by, now));
        return {};
      });
  SEALIFT_CHECK(confirmed.has_value());
  SEALIFT_CHECK(make_due_changes(services, now + std::chrono::hours(72)).has_value());
}

}  // namespace sealift::server::vault
