// Restore: a data folder out of a generation of a backup.
//
// The folder says `under way` in its restore file from the first step to the last, so that no
// server starts on half of it; run again, a restore that was cut short begins from the start. What
// the generation lacks is listed, and then the file says `not whole`: a server starts once a person
// has ended what is lost (end_what_is_lost). One thread.
#pragma once

#include <functional>

#include "server/vault/upkeep/backup.h"

namespace sealift::server::vault {

struct RestoreOptions {
  std::optional<std::uint64_t> generation{};  // nullopt: the newest that is whole
  std::function<void(std::string_view step)> on_step = [](std::string_view) {};
};

struct RestoreReport {
  Marker marker{};
  std::uint64_t interrupted = 0;  // newer or older folders without a marker
  std::uint64_t accounts = 0;
  std::uint64_t parcels = 0;  // that had not ended
  std::uint64_t blobs = 0;
  std::uint64_t log_entries = 0;  // verified
  std::vector<Finding> lost{};
};

// Into a folder that is not there, empty, or left by a restore that was cut short. Every login and
// upload of the backup is ended. Errors: conflict (`data` holds something), not_found (no whole
// generation, or no keys), forbidden (open to others), no_match (another server's keys), damaged
// (catalog or log of the generation), unsupported (a newer Sealift made it), no_space, io.
base::Result<RestoreReport> restore(const BackupPlace& from, const std::string& data,
                                    const RestoreOptions& options, crypto::Random& random,
                                    const base::Clock& clock);

// Ends every parcel whose bytes `check` finds lost, each logged, and lets the server start.
// No server may run. How many. Errors: those of the catalog.
base::Result<std::uint64_t> end_what_is_lost(const DataFolder& folder, crypto::Random& random,
                                             const base::Clock& clock);

}  // namespace sealift::server::vault
