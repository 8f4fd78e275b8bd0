// Directory: which public keys belong to which account. Generations are only ever added; each one's
// custody event is in the log, and clients refuse a directory that went back.
//
// Beside the keys, a queue: what changed of an address, until the directory's own log has it
// (docs/formats/directory.md). Its rows name nobody, and carry a code that only the vault can make.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct DirectoryEntry {
  AccountId account{};
  Generation generation{};
  std::string recipient{};    // age recipient, as text
  base::Bytes signing_key{};  // Ed25519 public key
  // Signature of this entry by the generation before; empty for the first and after a recovery.
  base::Bytes endorsement{};
  EventId event{};                      // custody.h; its log index is the proof's place
  std::optional<LogIndex> log_index{};  // nullopt until the log has it
  base::UnixTime created{};
  // What the directory's log commits to, besides the key: 32 bytes each.
  base::Bytes salt{};
  base::Bytes previous{};  // commitment of the generation before; zeros: there was none
  std::uint8_t how = 1;    // directory/entry.h
};

struct DirectoryChange {
  base::Bytes place{};  // the address's index in the map, 32 bytes
  std::uint8_t how = 1;
  Generation generation{};
  base::Bytes commitment{};  // 32 bytes
  base::UnixTime happened{};
  base::Bytes authenticator{};  // over all of the above; the vault's
  std::optional<LogIndex> log_index{};
  Cursor cursor{};  // the order in which the log takes them
};

class Directory {
 public:
  virtual ~Directory() = default;

  // stale: `entry.generation` is not the one after the newest.
  virtual base::Result<Change> add(const DirectoryEntry& entry) = 0;
  virtual base::Result<std::optional<DirectoryEntry>> newest(const AccountId& account) const = 0;
  // Oldest first.
  virtual base::Result<std::vector<DirectoryEntry>> history(const AccountId& account) const = 0;

  virtual base::Result<void> add_change(const DirectoryChange& change) = 0;
  // Oldest first; without those that were refused.
  virtual base::Result<std::vector<DirectoryChange>> queued_changes(
      std::uint32_t rows_max) const = 0;
  virtual base::Result<std::optional<DirectoryChange>> change_at(LogIndex index) const = 0;
  // absent: no such row, or no longer in the queue.
  virtual base::Result<Change> change_logged(Cursor cursor, LogIndex index) = 0;
  // Out of the queue for good; the row stays, as evidence.
  virtual base::Result<Change> refuse_change(Cursor cursor) = 0;
  // How many entries the directory's log has as far as the catalog knows, its first one included;
  // 0: no change is in it.
  virtual base::Result<std::uint64_t> changes_logged_count() const = 0;
  // Changes whose index is `from` or higher go back to the queue, in the order they had: for a log
  // that is older than the catalog, which then gets the same entries again. How many.
  virtual base::Result<std::uint64_t> requeue_changes(LogIndex from) = 0;
};

}  // namespace sealift::catalog
