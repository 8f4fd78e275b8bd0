// Check: whether catalog, blobs, log and keys of a data folder belong together and are whole.
//
// Reads only, beside a running server or without one: what ends while it reads is no finding.
// Thread: one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "catalog/catalog.h"
#include "log/checkpoint.h"
#include "server/vault/data_folder.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

struct Finding {
  enum class Kind : std::uint8_t {
    catalog_damaged,
    catalog_behind,  // a log has entries of which it knows nothing
    vault_key_wrong,
    blob_missing,
    blob_size,     // not as long as the catalog has it
    blob_changed,  // other bytes than at its first reading
    log_damaged,
    log_behind,   // the catalog knows of more leaves than it has
    log_differs,  // a leaf that isn't the catalog's event
    directory_damaged,
    directory_behind,  // as of the log
    directory_differs,
    open_to_others,
    left_over,  // of work that was cut short
    undigested,
  };
  Kind kind = Kind::catalog_damaged;
  std::string subject;                        // an id, a number or a name of ours; "" for none
  std::optional<catalog::ParcelId> parcel{};  // whose bytes it is about
};
// The kind in --json; never rename.
std::string_view name_of(Finding::Kind kind);
// A sentence for people; the subject follows it.
std::string_view sentence_of(Finding::Kind kind);
// Whether anything is lost by it. The others are put right by `fsck --repair-what-is-safe`.
bool is_loss(Finding::Kind kind);

enum class Reading { sizes, every_byte };
// A server at work has files that are not finished yet: they are no leftovers.
enum class Beside { nothing, a_server };

struct CheckReport {
  std::uint64_t blobs = 0;  // that were read to their end
  std::uint64_t blob_bytes = 0;
  std::uint64_t log_entries = 0;
  std::vector<Finding> findings;

  bool has_loss() const;
};

// Every blob that is whole in the catalog, against the store's files.
base::Result<void> check_blobs(catalog::Catalog& catalog, const std::string& store_path,
                               Reading reading, CheckReport& report);
// The log in the folder `files`, against its key and the catalog's events.
base::Result<void> check_log(catalog::Catalog& catalog, base::FileSystem& files,
                             const log::VerifierKey& key, CheckReport& report);
// The directory's log likewise, against the catalog's changes.
base::Result<void> check_directory(catalog::Catalog& catalog, base::FileSystem& files,
                                   const log::VerifierKey& key, CheckReport& report);
log::VerifierKey log_key_of(const DataFolder& folder);
log::VerifierKey directory_key_of(const DataFolder& folder);
// All of it. Errors: those of opening the folder and its catalog.
base::Result<CheckReport> check_data_folder(const DataFolder& folder, Reading reading,
                                            Beside beside = Beside::nothing);

// Modes, leftovers and digests; and events that the log lacks, which it gets again. What is lost
// stays as it is. How many things were put right. No server may run.
base::Result<std::uint64_t> repair_what_is_safe(const DataFolder& folder,
                                                const std::vector<Finding>& findings);

}  // namespace sealift::server::vault
