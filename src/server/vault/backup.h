// Backup and restore of a data folder, for the command line on the server's own machine.
//
//   <backup>/catalog/catalog.db    a consistent copy
//   <backup>/store/blobs/xx/<id>   whole blobs; uploads under way begin anew after a restore
//   <backup>/log/...               the log, copied last: never behind the catalog
//   <keys>/vault.key, log.key      in another place: without them a stolen backup tells no address
//
// A backup is made beside the running server, in this order: catalog, blobs, log. So the log has
// every event that the copied catalog knows as logged, and the store, which only grows by whole
// blobs, has every blob but those that ended meanwhile. A second backup to the same place copies
// what is new alone. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/random.h"

namespace sealift::server::vault {

struct BackupPlace {
  std::string folder;
  std::string keys_folder;  // not within `folder`
};

struct BackupReport {
  std::uint64_t blobs = 0;         // in the backup
  std::uint64_t blobs_copied = 0;  // by this run
  std::uint64_t bytes_copied = 0;
};

// Makes the folders where they are missing. An unfinished run leaves the backup before it readable
// but for blobs that have ended since. Errors: usage (keys within the backup), not_found (no data
// folder), no_space, io.
base::Result<BackupReport> back_up(const std::string& data, const BackupPlace& to,
                                   crypto::Random& random, const base::Clock& clock);

struct RestoreReport {
  std::uint64_t accounts = 0;
  std::uint64_t parcels = 0;  // that had not ended
  std::uint64_t blobs = 0;
  std::uint64_t log_entries = 0;  // verified
};

// Into a folder that is not there or empty. Every login and upload of the backup is ended, and the
// log is verified. Errors: conflict (`data` holds something), not_found (no backup), damaged (the
// log or a key), no_match (another log's key), no_space, io.
base::Result<RestoreReport> restore(const BackupPlace& from, const std::string& data,
                                    crypto::Random& random, const base::Clock& clock);

}  // namespace sealift::server::vault
