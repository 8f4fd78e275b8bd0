#include "server/vault/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "base/atomic_file.h"
#include "base/file_system.h"
#include "catalog/sqlite_catalog.h"
#include "log/log_folder.h"
#include "log/log_verifier.h"
#include "server/vault/data_folder.h"
#include "server/vault/notary.h"

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr unsigned kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kCopySize = std::size_t{1} << 20;
constexpr const char* kKeyNames[] = {"vault.key", "log.key"};

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return tl::unexpected(base::error_of_errno(errno, "backup folder"));
}

// Whole under its name, or not there; durable with the folder's sync at the end.
Result<std::uint64_t> copy_file(const std::string& from, const std::string& to) {
  const FileDescriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!source.is_open()) return tl::unexpected(base::error_of_errno(errno, "file to copy"));
  SEALIFT_TRY(base::AtomicFile target, base::AtomicFile::create(to, kFileMode));
  base::Bytes buffer(kCopySize);
  std::uint64_t copied = 0;
  while (true) {
    SEALIFT_TRY(const std::size_t size, base::read_full(source.get(), buffer));
    SEALIFT_TRY_VOID(base::write_full(target.fd(), base::ByteView(buffer).first(size)));
    copied += size;
    if (size < buffer.size()) break;
  }
  SEALIFT_TRY_VOID(target.commit(base::Replace::yes, base::Durability::none));
  return copied;
}

// What is gone when its turn comes was taken back meanwhile.
Result<void> if_there(const Result<std::uint64_t>& copied) {
  if (copied || copied.error().code == ErrorCode::not_found) return {};
  return tl::unexpected(copied.error());
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename());
  }
  if (error == std::errc::no_such_file_or_directory) return names;
  if (error) return tl::unexpected(base::error_of_errno(error.value(), "folder to copy"));
  return names;
}

// Everything below `from`.
Result<void> copy_tree(const std::string& from, const std::string& to) {
  SEALIFT_TRY_VOID(make_folder(to));
  SEALIFT_TRY(const auto names, names_in(from));
  for (const std::string& name : names) {
    const std::string inner = from + "/" + name;
    if (fs::is_directory(fs::symlink_status(inner))) {
      SEALIFT_TRY_VOID(copy_tree(inner, to + "/" + name));
      continue;
    }
    SEALIFT_TRY_VOID(if_there(copy_file(inner, to + "/" + name)));
  }
  return {};
}

Result<void> sync_below(const std::string& folder) {
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::syncfs(fd.get()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "backup folder"));
  }
  return {};
}

// ---- blobs: whole ones never change, so one that is there need not be copied again

std::uint64_t size_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<void> copy_blob(const std::string& from, const std::string& to, BackupReport& report) {
  ++report.blobs;
  if (::access(to.c_str(), F_OK) == 0 && size_of(to) == size_of(from)) return {};
  const auto copied = copy_file(from, to);
  if (!copied && copied.error().code == ErrorCode::not_found) {
    --report.blobs;
    return {};
  }
  if (!copied) return tl::unexpected(copied.error());
  ++report.blobs_copied;
  report.bytes_copied += *copied;
  return {};
}

Result<void> copy_blob_folder(const std::string& from, const std::string& to,
                              BackupReport& report) {
  SEALIFT_TRY_VOID(make_folder(to));
  SEALIFT_TRY(const auto names, names_in(from));
  SEALIFT_TRY(const auto kept, names_in(to));
  const std::set<std::string> present(names.begin(), names.end());
  for (const std::string& name : names) {
    SEALIFT_TRY_VOID(copy_blob(from + "/" + name, to + "/" + name, report));
  }
  for (const std::string& name : kept) {
    if (!present.contains(name)) ::unlink((to + "/" + name).c_str());
  }
  return {};
}

Result<BackupReport> copy_blobs(const std::string& from, const std::string& to) {
  BackupReport report;
  SEALIFT_TRY_VOID(make_folder(to));
  SEALIFT_TRY_VOID(make_folder(to + "/blobs"));
  SEALIFT_TRY(const auto folders, names_in(from + "/blobs"));
  for (const std::string& folder : folders) {
    SEALIFT_TRY_VOID(copy_blob_folder(from + "/blobs/" + folder, to + "/blobs/" + folder, report));
  }
  return report;
}

// ---- catalog

// Beside the copy before it, and then in its place.
Result<void> copy_catalog(catalog::Catalog& catalog, const std::string& folder) {
  SEALIFT_TRY_VOID(make_folder(folder));
  const std::string path = folder + "/catalog.db";
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  SEALIFT_TRY_VOID(catalog.back_up_to(fresh));
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "catalog's copy"));
  }
  return {};
}

// ---- log

// A journal that became a bundle while it was to be copied has a successor, which is copied
// instead.
Result<void> copy_journal(const std::string& from, const std::string& to) {
  const std::string journal = std::string("/").append(log::kJournalFolder);
  constexpr int kTriesMax = 100;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    SEALIFT_TRY(const auto names, names_in(from + journal));
    SEALIFT_TRY_VOID(copy_tree(from + journal, to + journal));
    SEALIFT_TRY(const auto copied, names_in(to + journal));
    if (names.empty() || !copied.empty()) return {};
  }
  return base::fail(ErrorCode::io, "the log's journal changes too fast");
}

// The checkpoint as it is before the rest is copied, so that the rest is never behind it: a journal
// goes only after its bundle is written, and tiles are written before the checkpoint over them.
Result<void> copy_log(const std::string& from, const std::string& to) {
  SEALIFT_TRY_VOID(make_folder(to));
  const std::string checkpoint = std::string("/").append(log::kCheckpointPath);
  const auto copied = copy_file(from + checkpoint, to + checkpoint + ".kept");
  SEALIFT_TRY_VOID(if_there(copied));
  SEALIFT_TRY_VOID(copy_journal(from, to));
  const std::string tiles = std::string("/").append(log::kTileFolderPath);
  SEALIFT_TRY_VOID(copy_tree(from + tiles, to + tiles));
  const std::string key = std::string("/").append(log::kKeyPath);
  SEALIFT_TRY_VOID(if_there(copy_file(from + key, to + key)));
  if (copied && ::rename((to + checkpoint + ".kept").c_str(), (to + checkpoint).c_str()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "log's copy"));
  }
  return {};
}

// In the place of an earlier copy, of which nothing may be left between the files of this one.
Result<void> copy_log_anew(const std::string& from, const std::string& to) {
  std::error_code ignored;
  fs::remove_all(to + ".new", ignored);
  SEALIFT_TRY_VOID(copy_log(from, to + ".new"));
  fs::remove_all(to, ignored);
  if (::rename((to + ".new").c_str(), to.c_str()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "log's copy"));
  }
  return {};
}

Result<void> note_backup(catalog::Catalog& catalog, crypto::Random& random,
                         const base::Clock& clock) {
  SEALIFT_TRY(const base::UnixTime now, catalog.advance_clock(clock.now()));
  Notary notary(random, [] {});
  SEALIFT_TRY_VOID(catalog.transact([&](catalog::Records& records) {
    return notary.note(records, {.kind = Logged::backed_up, .happened = now});
  }));
  return {};
}

Result<void> copy_keys(const std::string& from, const std::string& to) {
  SEALIFT_TRY_VOID(make_folder(to));
  for (const char* name : kKeyNames) {
    SEALIFT_TRY_VOID(copy_file(from + "/" + name, to + "/" + name));
  }
  return sync_below(to);
}

bool is_within(const std::string& inner, const std::string& outer) {
  std::error_code error;
  const std::string a = fs::weakly_canonical(inner, error).string() + "/";
  const std::string b = fs::weakly_canonical(outer, error).string() + "/";
  return error || a.starts_with(b);
}

// ---- restore

Result<void> refuse_used_folder(const std::string& data) {
  SEALIFT_TRY(const auto names, names_in(data));
  if (!names.empty()) return base::fail(ErrorCode::conflict, "the data folder holds something");
  return make_folder(data);
}

// Logins of the backup may have been ended for a reason since; uploads have lost their bytes.
Result<RestoreReport> settle_catalog(const DataFolder& folder, const base::Clock& clock) {
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY_VOID(catalog->advance_clock(clock.now()));
  return catalog->transact([](catalog::Records& records) -> Result<RestoreReport> {
    SEALIFT_TRY_VOID(records.sessions->end_all());
    constexpr std::uint32_t kRowsMax = 1000;
    constexpr base::UnixTime kEver{std::chrono::milliseconds(253'402'300'799'999)};
    while (true) {
      SEALIFT_TRY(const auto ended, records.uploads->expire_due(kEver, kRowsMax));
      if (ended.size() < kRowsMax) break;
    }
    RestoreReport report;
    SEALIFT_TRY(const auto accounts, records.accounts->totals());
    SEALIFT_TRY(const auto parcels, records.parcels->totals());
    report.accounts = accounts.active + accounts.suspended;
    report.parcels = parcels.uploading + parcels.whole;
    return report;
  });
}

// A server that was never asked for anything has published nothing.
Result<std::uint64_t> verify_log_of(const DataFolder& folder) {
  SEALIFT_TRY(auto files, base::DiskFileSystem::open_root(folder.log_path()));
  SEALIFT_TRY(const bool is_begun, files.exists(std::string(log::kCheckpointPath)));
  if (!is_begun) return std::uint64_t{0};
  const auto key = crypto::Ed25519Secret::from_seed(folder.log_seed().view());
  SEALIFT_TRY(const log::LogReport report,
              log::verify_log(files, {folder.log_name(), key.public_key()}, std::nullopt));
  if (!report.is_whole()) return base::fail(ErrorCode::damaged, "the log's copy");
  return report.entries;
}

}  // namespace

Result<BackupReport> back_up(const std::string& data, const BackupPlace& to, crypto::Random& random,
                             const base::Clock& clock) {
  if (is_within(to.keys_folder, to.folder)) {
    return base::fail(ErrorCode::usage, "keys belong in another place than the backup");
  }
  if (::access((data + "/vault.key").c_str(), F_OK) != 0) {
    return base::fail(ErrorCode::not_found, "no server has this data folder");
  }
  SEALIFT_TRY(const DataFolder folder, DataFolder::open(data, random));
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY_VOID(make_folder(to.folder));
  SEALIFT_TRY_VOID(copy_keys(data, to.keys_folder));
  SEALIFT_TRY_VOID(copy_catalog(*catalog, to.folder + "/catalog"));
  SEALIFT_TRY(const BackupReport report, copy_blobs(folder.store_path(), to.folder + "/store"));
  SEALIFT_TRY_VOID(copy_log_anew(folder.log_path(), to.folder + "/log"));
  SEALIFT_TRY_VOID(sync_below(to.folder));
  SEALIFT_TRY_VOID(note_backup(*catalog, random, clock));
  return report;
}

Result<RestoreReport> restore(const BackupPlace& from, const std::string& data,
                              crypto::Random& random, const base::Clock& clock) {
  if (::access((from.folder + "/catalog/catalog.db").c_str(), F_OK) != 0) {
    return base::fail(ErrorCode::not_found, "no backup is in this folder");
  }
  SEALIFT_TRY_VOID(refuse_used_folder(data));
  SEALIFT_TRY_VOID(copy_keys(from.keys_folder, data));
  SEALIFT_TRY(const DataFolder folder, DataFolder::open(data, random));
  SEALIFT_TRY_VOID(copy_file(from.folder + "/catalog/catalog.db", folder.catalog_path()));
  SEALIFT_TRY(const BackupReport blobs, copy_blobs(from.folder + "/store", folder.store_path()));
  SEALIFT_TRY_VOID(copy_log_anew(from.folder + "/log", folder.log_path()));
  SEALIFT_TRY_VOID(sync_below(data));
  SEALIFT_TRY(RestoreReport report, settle_catalog(folder, clock));
  SEALIFT_TRY(report.log_entries, verify_log_of(folder));
  report.blobs = blobs.blobs;
  return report;
}

}  // namespace sealift::server::vault
