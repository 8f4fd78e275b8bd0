// Reads a generation as a restore would, without writing anything.
#include <algorithm>

#include "base/hex.h"
#include "server/vault/upkeep/backup.h"
#include "server/vault/upkeep/log_copy.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using Kind = Finding::Kind;

Result<void> verify_blob(const BackupFolder& folder, const ListedBlob& blob,
                         std::vector<Finding>& findings) {
  const std::string id = base::hex_encode(blob.id.view());
  const auto found = digest_of_file(folder.blob(blob.id));
  if (!found && found.error().code == ErrorCode::not_found) {
    findings.push_back({Kind::blob_missing, id});
  } else if (!found || found->digest != blob.content.digest) {
    findings.push_back({Kind::blob_changed, id});
  }
  return {};
}

}  // namespace

Result<VerifyReport> verify_backup(const BackupPlace& place,
                                   const std::optional<std::uint64_t>& generation) {
  const BackupFolder folder(place.folder);
  VerifyReport report;
  SEALIFT_TRY(const Chosen chosen, choose_generation(folder, generation));
  report.marker = chosen.marker;
  report.interrupted = chosen.interrupted;
  const std::string path = folder.generation(chosen.marker.generation);
  const auto copy = digest_of_file(path + "/catalog.db");
  if (!copy || copy->digest != chosen.marker.catalog) {
    report.findings.push_back({Kind::catalog_damaged, ""});
  }
  SEALIFT_TRY(const auto list, folder.list_of(chosen.marker));
  for (const ListedBlob& blob : list) SEALIFT_TRY_VOID(verify_blob(folder, blob, report.findings));
  SEALIFT_TRY(const DataFolder keys, DataFolder::open_keys(place.keys_folder));
  const auto entries = verify_whole_log(path + "/log", log_key_of(keys));
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
