#include "server/vault/upkeep/check.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/hex.h"
#include "catalog/sqlite_catalog.h"
#include "log/log_folder.h"
#include "log/log_verifier.h"
#include "log/tile.h"
#include "server/vault/custody_leaf.h"
#include "server/vault/directory_keeper.h"
#include "server/vault/key_mark.h"
#include "server/vault/upkeep/generation.h"

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using catalog::Records;
using catalog::WholeBlob;
using Kind = Finding::Kind;

constexpr std::uint32_t kPage = 1000;
constexpr std::uint64_t kQueuedMax = 1024;  // more is not looked for in a queue
constexpr mode_t kOthers = 077;
constexpr std::string_view kTheFolder = "the data folder";  // as a finding's subject

struct KindRow {
  Kind kind;
  std::string_view name;
  std::string_view sentence;
  bool is_loss;
};

constexpr KindRow kKinds[] = {
    {Kind::catalog_damaged, "catalog_damaged", "the catalog's file is damaged", true},
    {Kind::catalog_behind, "catalog_behind", "the catalog is older than its log, or another one",
     true},
    {Kind::vault_key_wrong, "vault_key_wrong", "vault.key is not the one of this catalog", true},
    {Kind::blob_missing, "blob_missing", "a parcel's bytes are missing", true},
    {Kind::blob_size, "blob_size", "a parcel's bytes were cut short", true},
    {Kind::blob_changed, "blob_changed", "a parcel's bytes were changed", true},
    {Kind::log_damaged, "log_damaged", "the log is damaged", true},
    {Kind::log_behind, "log_behind", "the log lacks events that the catalog has", false},
    {Kind::log_differs, "log_differs", "the log is not the one of this catalog", true},
    {Kind::directory_damaged, "directory_damaged", "the directory's log is damaged", true},
    {Kind::directory_behind, "directory_behind",
     "the directory's log lacks changes that the catalog has", false},
    {Kind::directory_differs, "directory_differs",
     "the directory's log is not the one of this catalog", true},
    {Kind::open_to_others, "open_to_others", "other accounts of this machine can read it", false},
    {Kind::left_over, "left_over", "left by work that was cut short", false},
    {Kind::undigested, "undigested", "a parcel's bytes were not read since they came", false},
};

const KindRow& row_of(Kind kind) {
  const auto row = std::ranges::find(kKinds, kind, &KindRow::kind);
  SEALIFT_CHECK(row != std::end(kKinds));
  return *row;
}

struct Judged {
  std::optional<Kind> kind{};  // nullopt: as the catalog has it
  bool was_read = false;
};

Judged judge_blob(const WholeBlob& blob, const std::string& path, Reading reading) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {Kind::blob_missing};
  if (static_cast<std::uint64_t>(status.st_size) != blob.length_bytes) return {Kind::blob_size};
  if (!blob.digest) return {Kind::undigested};
  if (reading == Reading::sizes) return {};
  const auto found = digest_of_file(path);
  if (!found && found.error().code == ErrorCode::not_found) return {Kind::blob_missing};
  if (!found) return {Kind::blob_changed};  // what the disk can't read is lost as well
  if (found->digest != *blob.digest) return {Kind::blob_changed, true};
  return {std::nullopt, true};
}

// Leaves that the catalog has not noted yet are those of its queue: a crash may come between.
// Others are of a time that this catalog knows nothing of.
Result<bool> knows_all(catalog::Catalog& catalog, std::uint64_t entries) {
  return catalog.read([&](const Records& records) -> Result<bool> {
    SEALIFT_TRY(const std::uint64_t noted, records.custody->logged_count());
    if (noted >= entries) return true;
    const auto missing =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(entries - noted, kQueuedMax));
    SEALIFT_TRY(const auto queued, records.custody->queued(missing));
    return queued.size() == missing;
  });
}

Result<bool> knows_all_changes(catalog::Catalog& catalog, std::uint64_t entries) {
  return catalog.read([&](const Records& records) -> Result<bool> {
    SEALIFT_TRY(const std::uint64_t logged, records.directory->changes_logged_count());
    const std::uint64_t noted = std::max<std::uint64_t>(logged, 1);  // entry 0 is no change
    if (noted >= entries) return true;
    const auto missing =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(entries - noted, kQueuedMax));
    SEALIFT_TRY(const auto queued, records.directory->queued_changes(missing));
    return queued.size() == missing;
  });
}

// Every event with an index below `size` against its leaf.
Result<std::optional<std::uint64_t>> first_difference(catalog::Catalog& catalog,
                                                      base::FileSystem& files, std::uint64_t size) {
  for (std::uint64_t at = 0; at < size; at += log::kTileWidth) {
    SEALIFT_TRY(const auto entries, read_entries(files, at / log::kTileWidth, size));
    SEALIFT_TRY(const auto different,
                catalog.read([&](const Records& records) -> Result<std::optional<std::uint64_t>> {
                  for (std::size_t i = 0; i < entries.size(); ++i) {
                    SEALIFT_TRY(const auto event, records.custody->at({at + i}));
                    const bool is_erased = event && event->salt.empty();
                    if (!event) return std::nullopt;  // the rest is in the queue
                    if (!is_erased && entries[i] != entry_of(*event)) return at + i;
                  }
                  return std::nullopt;
                }));
    if (different) return different;
  }
  return std::nullopt;
}

// Every change with an index below `size` against its entry.
Result<std::optional<std::uint64_t>> first_other_change(catalog::Catalog& catalog,
                                                        base::FileSystem& files,
                                                        std::uint64_t size) {
  for (std::uint64_t at = 0; at < size; at += log::kTileWidth) {
    SEALIFT_TRY(const auto entries, read_entries(files, at / log::kTileWidth, size));
    SEALIFT_TRY(const auto different,
                catalog.read([&](const Records& records) -> Result<std::optional<std::uint64_t>> {
                  for (std::size_t i = at == 0 ? 1 : 0; i < entries.size(); ++i) {
                    SEALIFT_TRY(const auto change, records.directory->change_at({at + i}));
                    if (!change) return std::nullopt;  // the rest is in the queue
                    const auto entry = directory::parse_entry(entries[i]);
                    const auto* has =
                        entry ? std::get_if<directory::ChangeEntry>(&*entry) : nullptr;
                    if (has == nullptr || has->index != index_of(*change) ||
                        has->state != state_of(*change))
                      return at + i;
                  }
                  return std::nullopt;
                }));
    if (different) return different;
  }
  return std::nullopt;
}

void check_modes(const DataFolder& folder, CheckReport& report) {
  const auto judge = [&](const std::string& path, const std::string& name) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & kOthers) == 0) return;
    report.findings.push_back({Kind::open_to_others, name});
  };
  judge(folder.path(), std::string(kTheFolder));
  for (const char* name : {"vault.key", "log.key", "catalog", "catalog/catalog.db", "store", "log",
                           "tls", "tls/private_key.pem"}) {
    judge(folder.path() + "/" + name, name);
  }
}

void check_left_over(const DataFolder& folder, CheckReport& report) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder.log_path(), error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".new") continue;
    report.findings.push_back({Kind::left_over, fs::relative(it->path(), folder.path(), error)});
  }
}

// A name in the data folder, through no symbolic link: whose folder it is may have put one there,
// and who repairs may be root.
Result<FileDescriptor> open_inside(const DataFolder& folder, const std::string& name) {
  const FileDescriptor root(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open()) return tl::unexpected(base::error_of_errno(errno, "data folder"));
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  FileDescriptor file(static_cast<int>(
      ::syscall(SYS_openat2, root.get(), name.empty() ? "." : name.c_str(), &how, sizeof how)));
  if (file.is_open()) return file;
  if (errno != ELOOP) return tl::unexpected(base::error_of_errno(errno, name));
  return base::fail(ErrorCode::conflict,
                    name + " is, or is reached through, a symbolic link: repair it by hand");
}

Result<void> close_to_others(const DataFolder& folder, const std::string& name) {
  SEALIFT_TRY(const FileDescriptor root, open_inside(folder, ""));
  SEALIFT_TRY(const FileDescriptor file, open_inside(folder, name));
  struct stat own {};
  struct stat found {};
  if (::fstat(root.get(), &own) != 0 || ::fstat(file.get(), &found) != 0) {
    return tl::unexpected(base::error_of_errno(errno, name));
  }
  if (found.st_uid != own.st_uid || (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode))) {
    return base::fail(ErrorCode::conflict,
                      name + " is not the data folder's own: repair it by hand");
  }
  if (::fchmod(file.get(), found.st_mode & 07777 & ~kOthers) == 0) return {};
  return tl::unexpected(base::error_of_errno(errno, name));
}

Result<void> remove_inside(const DataFolder& folder, const std::string& name) {
  SEALIFT_TRY(const FileDescriptor parent, open_inside(folder, base::folder_of_path(name)));
  const std::string last = fs::path(name).filename();
  if (::unlinkat(parent.get(), last.c_str(), 0) == 0 || errno == ENOENT) return {};
  return tl::unexpected(base::error_of_errno(errno, name));
}

Result<void> repair(const DataFolder& folder, catalog::Catalog& catalog, const Finding& finding) {
  switch (finding.kind) {
    case Kind::open_to_others:
      return close_to_others(folder, finding.subject == kTheFolder ? "" : finding.subject);
    case Kind::left_over:
      return remove_inside(folder, finding.subject);
    case Kind::undigested: {
      const auto id = base::hex_decode(finding.subject);
      const auto blob = id ? catalog::BlobId::of(*id) : std::nullopt;
      SEALIFT_CHECK(blob);
      SEALIFT_TRY(const FileDigest read,
                  digest_of_file(whole_blob_path(folder.store_path(), *blob)));
      return catalog.transact([&](Records& records) -> Result<void> {
        SEALIFT_TRY_VOID(records.blobs->set_digest(*blob, read.digest));
        return {};
      });
    }
    case Kind::log_behind:
      return catalog.transact([&](Records& records) -> Result<void> {
        SEALIFT_TRY_VOID(records.custody->requeue({std::stoull(finding.subject)}));
        return {};
      });
    case Kind::directory_behind:
      return catalog.transact([&](Records& records) -> Result<void> {
        SEALIFT_TRY_VOID(records.directory->requeue_changes({std::stoull(finding.subject)}));
        return {};
      });
    default:
      return {};
  }
}

}  // namespace

log::VerifierKey directory_key_of(const DataFolder& folder) {
  return directory_log_key(folder.log_name(), folder.log_seed()).verifier();
}

log::VerifierKey log_key_of(const DataFolder& folder) {
  return {folder.log_name(),
          crypto::Ed25519Secret::from_seed(folder.log_seed().view()).public_key()};
}

std::string_view name_of(Kind kind) { return row_of(kind).name; }
std::string_view sentence_of(Kind kind) { return row_of(kind).sentence; }
bool is_loss(Kind kind) { return row_of(kind).is_loss; }

bool CheckReport::has_loss() const {
  return std::ranges::any_of(findings, [](const Finding& each) { return is_loss(each.kind); });
}

Result<void> check_blobs(catalog::Catalog& catalog, const std::string& store_path, Reading reading,
                         CheckReport& report) {
  std::optional<catalog::BlobId> after;
  while (true) {
    SEALIFT_TRY(const auto page, catalog.read([&](const Records& records) {
      return records.blobs->whole(after, kPage);
    }));
    for (const WholeBlob& blob : page) {
      const auto [kind, was_read] = judge_blob(blob, whole_blob_path(store_path, blob.id), reading);
      if (was_read) ++report.blobs;
      if (was_read) report.blob_bytes += blob.length_bytes;
      if (!kind) continue;
      // What the catalog has forgotten or doomed since it was listed is no loss.
      SEALIFT_TRY(const bool is_whole, catalog.read([&](const Records& records) {
        return records.blobs->is_whole(blob.id);
      }));
      if (is_whole) {
        report.findings.push_back({*kind, base::hex_encode(blob.id.view()), blob.parcel});
      }
    }
    if (page.size() < kPage) return {};
    after = page.back().id;
  }
}

Result<void> check_log(catalog::Catalog& catalog, base::FileSystem& files,
                       const log::VerifierKey& key, CheckReport& report) {
  SEALIFT_TRY(const std::uint64_t noted,
              catalog.read([](const Records& records) { return records.custody->logged_count(); }));
  SEALIFT_TRY(const bool is_begun, files.exists(std::string(log::kCheckpointPath)));
  if (!is_begun) {
    if (noted > 0) report.findings.push_back({Kind::log_behind, "0"});
    return {};
  }
  const auto log = log::verify_log(files, key, std::nullopt);
  if (!log || !log->is_whole()) {
    report.findings.push_back({Kind::log_damaged, log ? log->problems.front() : log.error().text});
    return {};
  }
  report.log_entries = log->entries + log->unpublished;
  if (noted > report.log_entries) {
    report.findings.push_back({Kind::log_behind, std::to_string(report.log_entries)});
  }
  SEALIFT_TRY(const bool knows, knows_all(catalog, report.log_entries));
  if (!knows) report.findings.push_back({Kind::catalog_behind, std::to_string(noted)});
  SEALIFT_TRY(const auto different, first_difference(catalog, files, log->entries));
  if (different) report.findings.push_back({Kind::log_differs, std::to_string(*different)});
  return {};
}

Result<void> check_directory(catalog::Catalog& catalog, base::FileSystem& files,
                             const log::VerifierKey& key, CheckReport& report) {
  SEALIFT_TRY(const std::uint64_t noted, catalog.read([](const Records& records) {
    return records.directory->changes_logged_count();
  }));
  SEALIFT_TRY(const bool is_begun, files.exists(std::string(log::kCheckpointPath)));
  if (!is_begun) {
    if (noted > 0) report.findings.push_back({Kind::directory_behind, "0"});
    return {};
  }
  const auto log = log::verify_log(files, key, std::nullopt);
  if (!log || !log->is_whole()) {
    report.findings.push_back(
        {Kind::directory_damaged, log ? log->problems.front() : log.error().text});
    return {};
  }
  const std::uint64_t entries = log->entries + log->unpublished;
  if (noted > entries) report.findings.push_back({Kind::directory_behind, std::to_string(entries)});
  SEALIFT_TRY(const bool knows, knows_all_changes(catalog, entries));
  if (!knows) report.findings.push_back({Kind::catalog_behind, std::to_string(noted)});
  SEALIFT_TRY(const auto different, first_other_change(catalog, files, log->entries));
  if (different) {
    report.findings.push_back({Kind::directory_differs, std::to_string(*different)});
  }
  return {};
}

Result<CheckReport> check_data_folder(const DataFolder& folder, Reading reading, Beside beside) {
  CheckReport report;
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY(const bool is_sound, catalog->is_sound());
  if (!is_sound) report.findings.push_back({Kind::catalog_damaged, ""});
  SEALIFT_TRY(const bool is_own, is_key_of(*catalog, VaultKeys(folder.vault_key())));
  if (!is_own) report.findings.push_back({Kind::vault_key_wrong, ""});
  SEALIFT_TRY_VOID(check_blobs(*catalog, folder.store_path(), reading, report));
  SEALIFT_TRY(auto files, base::DiskFileSystem::open_root(folder.log_path()));
  SEALIFT_TRY_VOID(check_log(*catalog, files, log_key_of(folder), report));
  SEALIFT_TRY(auto directory_files, base::DiskFileSystem::open_root(folder.directory_path()));
  SEALIFT_TRY_VOID(check_directory(*catalog, directory_files, directory_key_of(folder), report));
  check_modes(folder, report);
  if (beside == Beside::nothing) check_left_over(folder, report);
  return report;
}

Result<std::uint64_t> repair_what_is_safe(const DataFolder& folder,
                                          const std::vector<Finding>& findings) {
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  std::uint64_t repaired = 0;
  for (const Finding& finding : findings) {
    if (is_loss(finding.kind)) continue;
    SEALIFT_TRY_VOID(repair(folder, *catalog, finding));
    ++repaired;
  }
  return repaired;
}

}  // namespace sealift::server::vault
