// Directory: which public keys belong to which account. Generations are only ever added; each one's
// custody event stands in the log, and clients refuse a directory that went back.
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
};

class Directory {
 public:
  virtual ~Directory() = default;

  // stale: `entry.generation` is not the one after the newest.
  virtual base::Result<Change> add(const DirectoryEntry& entry) = 0;
  virtual base::Result<std::optional<DirectoryEntry>> newest(const AccountId& account) const = 0;
  // Oldest first.
  virtual base::Result<std::vector<DirectoryEntry>> history(const AccountId& account) const = 0;
};

}  // namespace sealift::catalog
