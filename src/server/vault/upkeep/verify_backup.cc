// Reads a generation as a restore would, without writing anything.
#include <sys/stat.h>

#include <algorithm>

#include "base/hex.h"
#include "server/vault/upkeep/backup.h"
#include "server/vault/upkeep/log_copy.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using Kind = Finding::Kind;

constexpr mode_t kOthers = 077;
constexpr mode_t kWriteOfOthers = 022;

void verify_blob(const BackupFolder& folder, const ListedBlob& blob, VerifyReport& report) {
  const std::string id = base::hex_encode(blob.id.view());
  const auto found = digest_of_file(folder.blob(blob.id));
  if (found) ++report.blobs;
  if (!found && found.error().code == ErrorCode::not_found) {
    report.findings.push_back({Kind::blob_missing, id});
  } else if (!found || found->digest != blob.content.digest) {
    report.findings.push_back({Kind::blob_changed, id});
  }
}

}  // namespace

Result<void> refuse_open_to_others(const BackupPlace& place) {
  const auto mode_of = [](const std::string& path) -> mode_t {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode : 0;
  };
  for (const char* name : {"vault.key", "log.key", "tls/private_key.pem"}) {
    if ((mode_of(place.keys_folder + "/" + name) & kOthers) == 0) continue;
    return base::fail(ErrorCode::forbidden,
                      std::string(name) +
                          " in the keys' folder can be read by other accounts of this machine: "
                          "take that from them with `chmod 600`");
  }
  for (const std::string& path : {place.folder, place.keys_folder}) {
    if ((mode_of(path) & kWriteOfOthers) == 0) continue;
    return base::fail(ErrorCode::forbidden,
                      path +
                          " can be written to by other accounts of this machine: take that from "
                          "them with `chmod go-w`");
  }
  return {};
}

Result<VerifyReport> verify_backup(const BackupPlace& place,
                                   const std::optional<std::uint64_t>& generation) {
  SEALIFT_TRY_VOID(refuse_open_to_others(place));
  const BackupFolder folder(place.folder);
  VerifyReport report;
  SEALIFT_TRY(const base::FileDescriptor held, hold_generations(folder));
  SEALIFT_TRY(const Chosen chosen, choose_generation(folder, generation));
  report.marker = chosen.marker;
  report.interrupted = chosen.interrupted;
  const std::string path = folder.generation(chosen.marker.generation);
  const auto copy = digest_of_file(path + "/catalog.db");
  if (!copy || copy->digest != chosen.marker.catalog) {
    report.findings.push_back({Kind::catalog_damaged, ""});
  }
  SEALIFT_TRY(const auto list, folder.list_of(chosen.marker));
  for (const ListedBlob& blob : list) verify_blob(folder, blob, report);
  SEALIFT_TRY(const DataFolder keys, DataFolder::open_keys(place.keys_folder));
  const auto entries = verify_whole_log(path + "/log", log_key_of(keys));
  report.log_entries = entries.value_or(0);
  if (!entries || *entries != chosen.marker.log_entries) {
    report.findings.push_back({Kind::log_damaged, entries ? "" : entries.error().text});
  }
  const auto changes = verify_whole_log(path + "/log/directory", directory_key_of(keys));
  if (!changes || *changes != chosen.marker.directory_entries) {
    report.findings.push_back({Kind::directory_damaged, changes ? "" : changes.error().text});
  }
  return report;
}

}  // namespace sealift::server::vault
