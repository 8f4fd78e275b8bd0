#include "server/vault/upkeep/backup.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <span>

#include "base/hex.h"
#include "catalog/sqlite_catalog.h"
#include "server/vault/host.h"
#include "server/vault/key_mark.h"
#include "server/vault/notary.h"
#include "server/vault/place_of_data.h"
#include "server/vault/upkeep/log_copy.h"

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
constexpr int kCatalogTriesMax = 10;

bool is_within(const std::string& inner, const std::string& outer) {
  std::error_code error;
  const std::string a = fs::weakly_canonical(inner, error).string() + "/";
  const std::string b = fs::weakly_canonical(outer, error).string() + "/";
  return error || a.starts_with(b);
}

Result<std::vector<WholeBlob>> list_whole(catalog::Catalog& catalog) {
  std::vector<WholeBlob> all;
  while (true) {
    SEALIFT_TRY(const auto page, catalog.read([&](const Records& records) {
      return records.blobs->whole(all.empty() ? std::nullopt : std::optional(all.back().id), kPage);
    }));
    all.insert(all.end(), page.begin(), page.end());
    if (page.size() < kPage) return all;
  }
}

Result<FileDescriptor> lock_folder(const BackupFolder& folder) {
  FileDescriptor file(
      ::open((folder.path() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "backup folder"));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::fail(ErrorCode::conflict, "another backup to this folder is running");
  }
  return file;
}

// A key never changes: another one there is another server's.
Result<void> copy_key(const std::string& from, const std::string& to) {
  SEALIFT_TRY(const FileDigest own, digest_of_file(from));
  const auto there = digest_of_file(to);
  if (there && there->digest != own.digest) {
    return base::fail(ErrorCode::conflict, "the keys' folder holds another server's keys");
  }
  if (there) return {};
  SEALIFT_TRY_VOID(copy_file(from, to));
  return {};
}

class Run {
 public:
  Run(const DataFolder& data, catalog::Catalog& catalog, const BackupPlace& to,
      const BackupOptions& options)
      : data_(data),
        catalog_(catalog),
        keys_folder_(to.keys_folder),
        to_(to.folder),
        options_(options) {}

  Result<BackupReport> make(base::UnixTime now);

 private:
  std::string incoming() const { return to_.path() + "/incoming"; }
  std::string place() const { return to_.generation(report_.generation); }

  Result<void> copy_keys();
  Result<void> clear();
  void note_unreadable(std::uint64_t number);
  Result<void> copy_blobs(const std::vector<WholeBlob>& blobs);
  Result<void> copy_blob(const WholeBlob& blob);
  Result<void> keep_digest(const WholeBlob& blob, const FileDigest& found);
  Result<void> copy_logs();
  Result<void> compare_logs(catalog::Catalog& copy);
  Result<void> copy_catalog();
  Result<bool> copy_catalog_once();
  Result<bool> covers(const std::vector<WholeBlob>& wanted);
  Result<void> look_at_source(const WholeBlob& blob);
  Result<void> note_digests(catalog::Catalog& copy, const std::vector<WholeBlob>& wanted);
  Result<void> settle_blobs();
  Result<Marker> close(base::UnixTime now);
  Result<void> prune();

  const DataFolder& data_;
  catalog::Catalog& catalog_;
  const std::string keys_folder_;
  const BackupFolder to_;
  const BackupOptions& options_;
  BackupReport report_;
  std::map<catalog::BlobId, FileDigest> copied_;  // in this generation's reach
  std::vector<ListedBlob> listed_;
};

Result<void> Run::copy_keys() {
  SEALIFT_TRY_VOID(make_folder(keys_folder_));
  for (const char* name : {"/vault.key", "/log.key"}) {
    SEALIFT_TRY_VOID(copy_key(data_.path() + name, keys_folder_ + name));
  }
  if (exists(data_.tls_path())) {
    SEALIFT_TRY_VOID(copy_tree(data_.tls_path(), keys_folder_ + "/tls"));
  }
  return sync_below(keys_folder_);
}

void Run::note_unreadable(std::uint64_t number) {
  if (std::ranges::find(report_.unreadable, number) == report_.unreadable.end())
    report_.unreadable.push_back(number);
}

// What an interrupted run left. A generation whose marker is damaged stays as it is, for somebody
// to look at: it costs no later one.
Result<void> Run::clear() {
  SEALIFT_TRY_VOID(make_folder(to_.generations()));
  SEALIFT_TRY_VOID(make_folder(to_.store()));
  remove_tree(incoming());
  SEALIFT_TRY_VOID(make_folder(incoming()));
  SEALIFT_TRY(const auto numbers, to_.numbers());
  for (const std::uint64_t number : numbers) {
    const auto marker = to_.marker_of(number);
    if (!marker && marker.error().code != ErrorCode::malformed)
      return tl::unexpected(marker.error());
    if (!marker) {
      note_unreadable(number);
      continue;
    }
    if (!*marker) remove_tree(to_.generation(number));
    if (*marker && (*marker)->log_name != data_.log_name()) {
      return base::fail(ErrorCode::conflict, "the folder holds another server's backup");
    }
  }
  report_.generation = numbers.empty() ? 1 : numbers.back() + 1;
  return make_folder(place());
}

Result<void> Run::keep_digest(const WholeBlob& blob, const FileDigest& found) {
  copied_[blob.id] = found;
  if (blob.digest) return {};
  return catalog_.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.blobs->set_digest(blob.id, found.digest));
    return {};
  });
}

// Into a folder beside the store, from which it moves once everything is synced.
Result<void> Run::copy_blob(const WholeBlob& blob) {
  if (copied_.contains(blob.id)) return {};
  const std::string source = whole_blob_path(data_.store_path(), blob.id);
  std::error_code error;
  const auto size_there = fs::file_size(to_.blob(blob.id), error);
  if (!error && size_there == blob.length_bytes && blob.digest) {
    copied_[blob.id] = {blob.length_bytes, *blob.digest};
    return {};
  }
  std::optional<FileDigest> wanted;
  if (blob.digest) wanted = FileDigest{blob.length_bytes, *blob.digest};
  const auto copied =
      copy_file(source, incoming() + "/" + base::hex_encode(blob.id.view()), wanted);
  if (copied && copied->size_bytes == blob.length_bytes) {
    ++report_.blobs_copied;
    report_.bytes_copied += copied->size_bytes;
    return keep_digest(blob, *copied);
  }
  if (!copied && copied.error().code == ErrorCode::no_space) return tl::unexpected(copied.error());
  return {};  // whether it is lost shows once the catalog is copied
}

Result<void> Run::copy_blobs(const std::vector<WholeBlob>& blobs) {
  for (const WholeBlob& blob : blobs) SEALIFT_TRY_VOID(copy_blob(blob));
  return {};
}

Result<void> Run::copy_logs() {
  SEALIFT_TRY(report_.log_entries,
              copy_whole_log(data_.log_path(), place() + "/log", log_key_of(data_)));
  SEALIFT_TRY(
      report_.directory_entries,
      copy_whole_log(data_.directory_path(), place() + "/log/directory", directory_key_of(data_)));
  return {};
}

Result<void> Run::compare_logs(catalog::Catalog& copy) {
  SEALIFT_TRY(auto files, base::DiskFileSystem::open_root(place() + "/log"));
  SEALIFT_TRY(auto directory_files, base::DiskFileSystem::open_root(place() + "/log/directory"));
  CheckReport report;
  SEALIFT_TRY_VOID(check_log(copy, files, log_key_of(data_), report));
  SEALIFT_TRY_VOID(check_directory(copy, directory_files, directory_key_of(data_), report));
  if (report.findings.empty()) return {};
  return base::fail(ErrorCode::damaged, std::string(sentence_of(report.findings.front().kind)));
}

// What an earlier run has copied is not read again; that the data folder still has it is looked at.
Result<void> Run::look_at_source(const WholeBlob& blob) {
  std::error_code error;
  const std::string source = whole_blob_path(data_.store_path(), blob.id);
  if (fs::file_size(source, error) == blob.length_bytes && !error) return {};
  SEALIFT_TRY(const bool is_whole, catalog_.read([&](const Records& records) {
    return records.blobs->is_whole(blob.id);
  }));
  if (!is_whole) return {};
  report_.only_here.push_back({error ? Kind::blob_missing : Kind::blob_size,
                               base::hex_encode(blob.id.view()), blob.parcel});
  return {};
}

// Whether everything that the copy names is copied, or lost. False: something of it ended while it
// was copied, so that another copy of the catalog will not name it.
Result<bool> Run::covers(const std::vector<WholeBlob>& wanted) {
  SEALIFT_TRY_VOID(copy_blobs(wanted));
  listed_.clear();
  report_.lost.clear();
  report_.only_here.clear();
  for (const WholeBlob& blob : wanted) {
    const auto copied = copied_.find(blob.id);
    if (copied != copied_.end()) {
      listed_.push_back({blob.id, copied->second});
      SEALIFT_TRY_VOID(look_at_source(blob));
      continue;
    }
    SEALIFT_TRY(const bool is_whole, catalog_.read([&](const Records& records) {
      return records.blobs->is_whole(blob.id);
    }));
    if (!is_whole) return false;
    const bool is_there = exists(whole_blob_path(data_.store_path(), blob.id));
    report_.lost.push_back({is_there ? Kind::blob_changed : Kind::blob_missing,
                            base::hex_encode(blob.id.view()), blob.parcel});
  }
  report_.blobs = listed_.size();
  return true;
}

// Of bytes that came so late that this run was the first to read them.
Result<void> Run::note_digests(catalog::Catalog& copy, const std::vector<WholeBlob>& wanted) {
  return copy.transact([&](Records& records) -> Result<void> {
    for (const WholeBlob& blob : wanted) {
      const auto copied = copied_.find(blob.id);
      if (blob.digest || copied == copied_.end()) continue;
      SEALIFT_TRY_VOID(records.blobs->set_digest(blob.id, copied->second.digest));
    }
    return {};
  });
}

Result<bool> Run::copy_catalog_once() {
  const std::string path = place() + "/catalog.db";
  for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
  SEALIFT_TRY_VOID(catalog_.back_up_to(path));
  SEALIFT_TRY(const auto copy, catalog::open_sqlite_catalog(path));
  const auto requeued = copy->transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.custody->requeue({report_.log_entries}));
    SEALIFT_TRY_VOID(records.directory->requeue_changes({report_.directory_entries}));
    return {};
  });
  if (!requeued) return tl::unexpected(requeued.error());
  options_.on_step("compare");
  SEALIFT_TRY(const bool is_sound, copy->is_sound());
  if (!is_sound) {
    return base::fail(ErrorCode::damaged,
                      "the catalog is damaged: `sealift admin fsck` checks everything");
  }
  SEALIFT_TRY_VOID(compare_logs(*copy));
  SEALIFT_TRY(const auto wanted, list_whole(*copy));
  SEALIFT_TRY(const bool is_covered, covers(wanted));
  if (is_covered) SEALIFT_TRY_VOID(note_digests(*copy, wanted));
  return is_covered;
}

Result<void> Run::copy_catalog() {
  for (int tries = 0; tries < kCatalogTriesMax; ++tries) {
    SEALIFT_TRY(const bool is_covered, copy_catalog_once());
    if (is_covered) return {};
  }
  return base::fail(ErrorCode::io, "parcels end faster than they can be copied");
}

// Synced bytes get their names.
Result<void> Run::settle_blobs() {
  SEALIFT_TRY(const auto names, names_in(incoming()));
  for (const std::string& name : names) {
    const auto bytes = base::hex_decode(name);
    const auto id = bytes ? catalog::BlobId::of(*bytes) : std::nullopt;
    if (!id) continue;
    SEALIFT_TRY_VOID(make_folder(fs::path(to_.blob(*id)).parent_path()));
    SEALIFT_TRY_VOID(rename_file(incoming() + "/" + name, to_.blob(*id)));
  }
  return {};
}

Result<Marker> Run::close(base::UnixTime now) {
  const std::string list = list_text(listed_);
  SEALIFT_TRY_VOID(write_durably(place() + "/blobs", list));
  SEALIFT_TRY(const FileDigest copy, digest_of_file(place() + "/catalog.db"));
  Marker marker;
  marker.generation = report_.generation;
  marker.made = now;
  marker.catalog = copy.digest;
  marker.list = {crypto::sha256(base::bytes_of(list))};
  marker.blobs = report_.blobs;
  marker.log_entries = report_.log_entries;
  marker.directory_entries = report_.directory_entries;
  marker.log_name = data_.log_name();
  marker.lost = report_.lost.size();
  options_.on_step("sync");
  SEALIFT_TRY_VOID(sync_below(to_.path()));
  options_.on_step("settle");
  SEALIFT_TRY_VOID(settle_blobs());
  SEALIFT_TRY_VOID(sync_below(to_.path()));
  options_.on_step("marker");
  SEALIFT_TRY_VOID(write_durably(to_.marker(report_.generation), marker_text(marker)));
  return marker;
}

// Generations beyond the number kept, marker first; then blobs that none names. Nothing goes while
// a generation can't be read: what it names is not known.
Result<void> Run::prune() {
  SEALIFT_TRY(const auto alone, take_generations(to_));
  if (!alone) return {};  // the next run does it
  SEALIFT_TRY(const auto numbers, to_.numbers());
  const std::uint64_t kept = std::min<std::uint64_t>(numbers.size(), options_.generations_kept);
  const std::span going = std::span(numbers).first(numbers.size() - kept);
  std::set<std::string> named;
  for (const std::uint64_t number : std::span(numbers).last(kept)) {
    const auto marker = to_.marker_of(number);
    if (marker && !*marker) continue;
    const auto list = marker ? to_.list_of(**marker) : tl::unexpected(marker.error());
    if (!list) note_unreadable(number);
    if (!list) continue;
    for (const ListedBlob& blob : *list) named.insert(to_.blob(blob.id));
  }
  if (!report_.unreadable.empty()) return {};
  for (const std::uint64_t number : going) {
    ::unlink(to_.marker(number).c_str());
    options_.on_step("prune generation");
    remove_tree(to_.generation(number));
  }
  SEALIFT_TRY(const auto shards, names_in(to_.store()));
  for (const std::string& shard : shards) {
    SEALIFT_TRY(const auto names, names_in(to_.store() + "/" + shard));
    for (const std::string& name : names) {
      const std::string path = to_.store() + "/" + shard + "/" + name;
      if (!named.contains(path)) ::unlink(path.c_str());
    }
  }
  return {};
}

Result<BackupReport> Run::make(base::UnixTime now) {
  options_.on_step("keys");
  SEALIFT_TRY_VOID(copy_keys());
  options_.on_step("clear");
  SEALIFT_TRY_VOID(clear());
  options_.on_step("blobs");
  SEALIFT_TRY(const auto blobs, list_whole(catalog_));
  SEALIFT_TRY_VOID(copy_blobs(blobs));
  options_.on_step("log");
  SEALIFT_TRY_VOID(copy_logs());
  options_.on_step("catalog");
  SEALIFT_TRY_VOID(copy_catalog());
  options_.on_step("list");
  SEALIFT_TRY_VOID(close(now));
  options_.on_step("prune");
  if (report_.lost.empty() && report_.only_here.empty()) SEALIFT_TRY_VOID(prune());
  options_.on_step("note");
  return std::move(report_);
}

Result<void> note_backup(catalog::Catalog& catalog, const VaultKeys& keys, crypto::Random& random,
                         base::UnixTime now, const BackupReport& report) {
  Notary notary(random, keys, [] {});
  return catalog.transact([&](Records& records) -> Result<void> {
    const std::string made = std::to_string(now.time_since_epoch().count());
    SEALIFT_TRY_VOID(records.marks->put(catalog::Mark::backed_up, base::bytes_of(made)));
    SEALIFT_TRY_VOID(notary.note(
        records, {.kind = Logged::backed_up,
                  .happened = now,
                  .facts = {{"generation", report.generation}, {"lost", report.lost.size()}}}));
    return {};
  });
}

// Whose folders these are can put links into them, and a backup also removes what it finds there.
Result<void> refuse_of_others(const BackupPlace& place) {
  for (const std::string& path : {place.folder, place.keys_folder}) {
    SEALIFT_TRY_VOID(refuse_way_of_others(path));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;  // it is made
    if (status.st_uid == ::geteuid() || status.st_uid == 0) continue;
    return base::fail(ErrorCode::forbidden,
                      path + " belongs to another account: make the backup as that one");
  }
  return {};
}

}  // namespace

Result<BackupReport> back_up(const std::string& data, const BackupPlace& to,
                             const BackupOptions& options, crypto::Random& random,
                             const base::Clock& clock) {
  SEALIFT_TRY_VOID(need_server(data));
  if (is_within(to.keys_folder, to.folder)) {
    return base::fail(ErrorCode::usage, "keys belong in another place than the backup");
  }
  if (is_within(to.folder, data) || is_within(to.keys_folder, data)) {
    return base::fail(ErrorCode::usage,
                      "a backup belongs outside the data folder: it would be lost with it");
  }
  SEALIFT_TRY_VOID(refuse_open_to_others(to));
  SEALIFT_TRY_VOID(refuse_of_others(to));
  SEALIFT_TRY(const DataFolder folder, DataFolder::open(data, random));
  SEALIFT_TRY_VOID(folder.refuse_unfinished_restore());
  SEALIFT_TRY_VOID(need_catalog(data));
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  const VaultKeys keys(folder.vault_key());
  SEALIFT_TRY_VOID(claim_catalog(*catalog, keys));
  SEALIFT_TRY_VOID(make_folder(to.folder));
  const BackupFolder place(to.folder);
  SEALIFT_TRY(const FileDescriptor lock, lock_folder(place));
  SEALIFT_TRY(const base::UnixTime now, host_time(*catalog, folder, clock));
  SEALIFT_TRY(BackupReport report, Run(folder, *catalog, to, options).make(now));
  SEALIFT_TRY_VOID(note_backup(*catalog, keys, random, now, report));
  return report;
}

}  // namespace sealift::server::vault
