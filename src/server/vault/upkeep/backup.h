// Backup of a data folder, for the command line on the server's own machine.
//
// It is made beside the running server: the bytes of parcels first, then the log, then the catalog.
// Events that the copied catalog has and the copied log lacks go back to the copy's queue, so that
// a restored server gives them the same leaves again. What the copied catalog names is compared
// with what was copied; then everything is synced, and the marker is written last. A run that is
// cut short at any point leaves the generations before it as they were. generation.h has the
// layout. One run at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/random.h"
#include "server/vault/upkeep/check.h"
#include "server/vault/upkeep/generation.h"

namespace sealift::server::vault {

struct BackupPlace {
  std::string folder;
  std::string keys_folder;  // not within `folder`
};

// Keys that other accounts of this machine can read are anybody's; a folder that they can write to
// holds what they put there. Errors: forbidden (which, and what to do).
base::Result<void> refuse_open_to_others(const BackupPlace& place);

struct BackupOptions {
  std::uint64_t generations_kept = 3;
  // Called before each step, with its name.
  std::function<void(std::string_view step)> on_step = [](std::string_view) {};
};

struct BackupReport {
  std::uint64_t generation = 0;
  std::uint64_t blobs = 0;         // that the generation has
  std::uint64_t blobs_copied = 0;  // by this run
  std::uint64_t bytes_copied = 0;
  std::uint64_t log_entries = 0;
  std::uint64_t directory_entries = 0;
  std::vector<Finding> lost{};       // in the data folder already: the generation lacks them
  std::vector<Finding> only_here{};  // gone or cut short in the data folder; the generation has it
  std::vector<std::uint64_t> unreadable{};  // other generations, whose marker or list is damaged
};

// Makes the folders where they are missing. A generation that lacks something removes none that is
// older. Errors: usage (keys within the backup), forbidden (open to others), not_found (no data
// folder), conflict (another run, or another server's keys or backup), no_match (vault.key is not
// the catalog's), damaged (the log), no_space, io.
base::Result<BackupReport> back_up(const std::string& data, const BackupPlace& to,
                                   const BackupOptions& options, crypto::Random& random,
                                   const base::Clock& clock);

struct VerifyReport {
  std::uint64_t blobs = 0;        // that were read to their end
  std::uint64_t log_entries = 0;  // likewise
  Marker marker{};
  std::uint64_t interrupted = 0;  // folders without a marker
  std::vector<Finding> findings{};
};

// Reads every byte of a generation: nullopt is the newest that is whole. Errors: not_found (none,
// or no keys), forbidden (open to others), unsupported, io.
base::Result<VerifyReport> verify_backup(const BackupPlace& place,
                                         const std::optional<std::uint64_t>& generation);

}  // namespace sealift::server::vault
