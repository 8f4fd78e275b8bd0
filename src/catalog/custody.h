// Custody events: what happened, readable, for each leaf of the log.
//
// An event is written in the transaction of what it tells of, and stands in a queue until the log
// has its leaf, which commits to salt and event without telling either. Erasing takes salt and
// event away for good; the leaf and its proof stay true.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct CustodyEvent {
  EventId id{};
  base::Bytes salt{};   // empty: erased
  base::Bytes event{};  // canonical bytes; empty: erased
  // Over id, salt and event; the vault's. The log takes nothing without it, so that who can write
  // to the database gets nothing signed.
  base::Bytes authenticator{};
  // Whom and what it concerns, to find it by and to erase it by.
  std::optional<AccountId> account{};
  std::optional<ParcelId> parcel{};
  base::UnixTime happened{};
  std::optional<LogIndex> log_index{};  // nullopt: still in the queue
  Cursor cursor{};                      // the order in which the log takes them
};

// Which events of the readable record: all that are set must match; `concerned` stands alone.
struct CustodyFilter {
  std::optional<AccountId> account{};
  std::optional<ParcelId> parcel{};
  // Whose own record it is: events of this account, and of the parcels that it sent.
  std::optional<AccountId> concerned{};
  base::UnixTime from{};
  base::UnixTime until = base::UnixTime::max();
};

class Custody {
 public:
  virtual ~Custody() = default;

  virtual base::Result<Insert> add(const CustodyEvent& event) = 0;
  virtual base::Result<std::optional<CustodyEvent>> find(const EventId& id) const = 0;
  virtual base::Result<std::optional<CustodyEvent>> at(LogIndex index) const = 0;
  virtual base::Result<std::vector<CustodyEvent>> list(const CustodyFilter& filter,
                                                       const Page& page) const = 0;

  // Oldest first, in the order of their commit; without those that were refused.
  virtual base::Result<std::vector<CustodyEvent>> queued(std::uint32_t rows_max) const = 0;
  // stale: it has an index already. Errors: conflict when the index is another event's.
  virtual base::Result<Change> logged(const EventId& id, LogIndex index) = 0;
  // How many have an index: the log that the catalog knows of has as many leaves.
  virtual base::Result<std::uint64_t> logged_count() const = 0;
  // Events whose index is `from` or higher go back to the queue, in the order they had: for a
  // log that is older than the catalog, which then gets the same leaves again. How many.
  virtual base::Result<std::uint64_t> requeue(LogIndex from) = 0;
  // Out of the queue for good; the row stays, as evidence. stale: it is in the log.
  virtual base::Result<Change> refuse(const EventId& id) = 0;
  // stale: still in the queue; the log needs it first.
  virtual base::Result<Change> erase(const EventId& id) = 0;
  // How many; what is still in the queue stays.
  virtual base::Result<std::uint64_t> erase_of(const AccountId& account) = 0;
  virtual base::Result<std::uint64_t> erase_of(const ParcelId& parcel) = 0;
};

}  // namespace sealift::catalog
