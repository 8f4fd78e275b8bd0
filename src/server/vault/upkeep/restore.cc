#include "server/vault/upkeep/restore.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/hex.h"
#include "catalog/sqlite_catalog.h"
#include "log/restore_statement.h"
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

constexpr std::string_view kUnderWay = "under way\n";
constexpr std::string_view kNotWhole = "not whole\n";

// Empty, or left by a restore that was cut short: then of it nothing stays.
Result<void> take_folder(const std::string& data) {
  if (const auto made = make_folder(data); !made) {
    return tl::unexpected(base::Error(made.error()).with_context(data));
  }
  SEALIFT_TRY(const auto names, names_in(data));
  const auto state = read_text(data + "/restore", kUnderWay.size() + kNotWhole.size());
  const bool was_cut_short = state && *state == kUnderWay;
  if (!names.empty() && !was_cut_short) {
    return base::fail(ErrorCode::conflict,
                      "the data folder holds something: restore into a new one");
  }
  for (const std::string& name : names) {
    if (name != "restore") remove_tree(data + "/" + name);
  }
  return write_durably(data + "/restore", kUnderWay);
}

Result<void> copy_keys(const std::string& from, const std::string& to) {
  for (const char* name : {"/vault.key", "/log.key"}) {
    SEALIFT_TRY_VOID(copy_file(from + name, to + name));
  }
  if (exists(from + "/tls")) SEALIFT_TRY_VOID(copy_tree(from + "/tls", to + "/tls"));
  return {};
}

// Those whose bytes aren't what they were are left out: the check lists them as missing.
Result<std::uint64_t> copy_blobs(const BackupFolder& from, const Marker& marker,
                                 const std::string& store) {
  SEALIFT_TRY(const auto list, from.list_of(marker));
  SEALIFT_TRY_VOID(make_folder(store + "/blobs"));
  std::uint64_t copied = 0;
  for (const ListedBlob& blob : list) {
    const std::string to = whole_blob_path(store, blob.id);
    SEALIFT_TRY_VOID(make_folder(fs::path(to).parent_path()));
    const auto done = copy_file(from.blob(blob.id), to, blob.content);
    if (!done && done.error().code == ErrorCode::no_space) return tl::unexpected(done.error());
    if (done) ++copied;
  }
  return copied;
}

// Logins of the backup may have been ended for a reason since, and changes that waited may have
// been withdrawn; uploads have lost their bytes.
Result<void> settle_catalog(catalog::Catalog& catalog, RestoreReport& report) {
  return catalog.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.sessions->end_all());
    SEALIFT_TRY(const auto waiting, records.proposals->waiting());
    for (const catalog::Proposal& each : waiting)
      SEALIFT_TRY_VOID(
          records.proposals->end(each.id, catalog::ProposalState::withdrawn, each.proposed));
    constexpr std::uint32_t kRowsMax = 1000;
    constexpr base::UnixTime kEver{std::chrono::milliseconds(253'402'300'799'999)};
    while (true) {
      SEALIFT_TRY(const auto ended, records.uploads->expire_due(kEver, kRowsMax));
      if (ended.size() < kRowsMax) break;
    }
    SEALIFT_TRY(const auto accounts, records.accounts->totals());
    SEALIFT_TRY(const auto parcels, records.parcels->totals());
    report.accounts = accounts.active + accounts.suspended;
    report.parcels = parcels.uploading + parcels.whole;
    return {};
  });
}

// What is in the folder already: both logs as the backup has them, and their newest heads.
struct KeptLogs {
  log::TreeHead events{};
  log::TreeHead directory{};
};

Result<KeptLogs> copy_logs(const std::string& from, const Marker& marker,
                           const DataFolder& folder) {
  KeptLogs kept;
  SEALIFT_TRY(const std::uint64_t entries,
              copy_whole_log(from, folder.log_path(), log_key_of(folder)));
  SEALIFT_TRY(
      const std::uint64_t changes,
      copy_whole_log(from + "/directory", folder.directory_path(), directory_key_of(folder)));
  if (entries != marker.log_entries || changes != marker.directory_entries) {
    return base::fail(ErrorCode::damaged,
                      "the backup's log is not as long as it was: another generation may be whole");
  }
  if (const auto head = head_of_log(folder.log_path(), log_key_of(folder))) kept.events = *head;
  if (const auto head = head_of_log(folder.directory_path(), directory_key_of(folder)))
    kept.directory = *head;
  return kept;
}

Result<void> note_restore(catalog::Catalog& catalog, Notary& notary, base::UnixTime now,
                          const RestoreReport& report, const KeptLogs& kept) {
  const std::string from = log::restore_statement_text({.log_name = report.marker.log_name,
                                                        .kept = kept.events,
                                                        .kept_directory = kept.directory,
                                                        .backup = report.marker.made,
                                                        .restored = now,
                                                        .lost = report.lost.size()});
  return catalog.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.marks->put(catalog::Mark::restored_from, base::bytes_of(from)));
    SEALIFT_TRY_VOID(records.marks->remove(catalog::Mark::restore_statement));
    SEALIFT_TRY_VOID(
        notary.note(records, {.kind = Logged::restored,
                              .happened = now,
                              .facts = {{"generation", report.marker.generation},
                                        {"made", report.marker.made.time_since_epoch().count()},
                                        {"lost", report.lost.size()}}}));
    return {};
  });
}

Result<void> copy_catalog(const BackupFolder& from, const Marker& marker, const std::string& to) {
  const std::string path = from.generation(marker.generation) + "/catalog.db";
  std::error_code unreadable;  // copying says why
  const FileDigest wanted{fs::file_size(path, unreadable), marker.catalog};
  const auto copied = copy_file(path, to, wanted);
  if (copied) return {};
  return tl::unexpected(base::Error(copied.error()).with_context("the backup's catalog"));
}

Result<void> verify(const DataFolder& folder, RestoreReport& report) {
  SEALIFT_TRY(const CheckReport found, check_data_folder(folder, Reading::sizes));
  report.log_entries = found.log_entries;
  for (const Finding& finding : found.findings) {
    if (finding.kind == Finding::Kind::vault_key_wrong) {
      return base::fail(ErrorCode::no_match, std::string(sentence_of(finding.kind)));
    }
    if (finding.parcel && is_loss(finding.kind)) {
      report.lost.push_back(finding);
    } else if (is_loss(finding.kind)) {
      return base::fail(ErrorCode::damaged, std::string(sentence_of(finding.kind)));
    }
  }
  return {};
}

Result<void> fill(const BackupPlace& from, const std::string& data, const RestoreOptions& options,
                  crypto::Random& random, const base::Clock& clock, RestoreReport& report) {
  const BackupFolder backup(from.folder);
  options.on_step("keys");
  SEALIFT_TRY_VOID(copy_keys(from.keys_folder, data));
  SEALIFT_TRY(const DataFolder folder, DataFolder::open(data, random));
  options.on_step("catalog");
  SEALIFT_TRY_VOID(copy_catalog(backup, report.marker, folder.catalog_path()));
  options.on_step("blobs");
  SEALIFT_TRY(report.blobs, copy_blobs(backup, report.marker, folder.store_path()));
  options.on_step("log");
  SEALIFT_TRY(const KeptLogs kept, copy_logs(backup.generation(report.marker.generation) + "/log",
                                             report.marker, folder));
  options.on_step("settle");
  {
    SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
    SEALIFT_TRY(const base::UnixTime now, host_time(*catalog, folder, clock));
    SEALIFT_TRY_VOID(settle_catalog(*catalog, report));
    SEALIFT_TRY_VOID(verify(folder, report));
    const VaultKeys keys(folder.vault_key());
    Notary notary(random, keys, [] {});
    SEALIFT_TRY_VOID(note_restore(*catalog, notary, now, report, kept));
  }
  options.on_step("sync");
  SEALIFT_TRY_VOID(sync_below(data));
  options.on_step("close");
  if (!report.lost.empty()) return write_durably(folder.restore_path(), kNotWhole);
  ::unlink(folder.restore_path().c_str());
  return sync_below(data);
}

}  // namespace

Result<RestoreReport> restore(const BackupPlace& from, const std::string& data,
                              const RestoreOptions& options, crypto::Random& random,
                              const base::Clock& clock) {
  RestoreReport report;
  SEALIFT_TRY_VOID(refuse_open_to_others(from));
  SEALIFT_TRY(const FileDescriptor held, hold_generations(BackupFolder(from.folder)));
  SEALIFT_TRY(const Chosen chosen,
              choose_generation(BackupFolder(from.folder), options.generation));
  report.marker = chosen.marker;
  report.interrupted = chosen.interrupted;
  SEALIFT_TRY(const DataFolder keys, DataFolder::open_keys(from.keys_folder));
  if (keys.log_name() != chosen.marker.log_name) {
    return base::fail(ErrorCode::no_match, "these are not the keys of this backup's server");
  }
  SEALIFT_TRY_VOID(refuse_place_of_others(data, MadeAs::caller));
  SEALIFT_TRY_VOID(take_folder(data));
  options.on_step("begun");
  SEALIFT_TRY_VOID(fill(from, data, options, random, clock, report));
  return report;
}

Result<std::uint64_t> end_what_is_lost(const DataFolder& folder, crypto::Random& random,
                                       const base::Clock& clock) {
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY(const base::UnixTime now, host_time(*catalog, folder, clock));
  CheckReport report;
  SEALIFT_TRY_VOID(check_blobs(*catalog, folder.store_path(), Reading::every_byte, report));
  std::set<catalog::ParcelId> parcels;
  for (const Finding& finding : report.findings) {
    if (finding.parcel && is_loss(finding.kind)) parcels.insert(*finding.parcel);
  }
  const VaultKeys keys(folder.vault_key());
  Notary notary(random, keys, [] {});
  for (const catalog::ParcelId& parcel : parcels) {
    const auto ended = catalog->transact([&](Records& records) -> Result<void> {
      SEALIFT_TRY_VOID(records.parcels->recall(parcel, now));
      SEALIFT_TRY_VOID(notary.note(records, {.kind = Logged::parcel_lost,
                                             .happened = now,
                                             .account = std::nullopt,
                                             .parcel = parcel}));
      return {};
    });
    if (!ended) return tl::unexpected(ended.error());
  }
  if (folder.restore_state() == RestoreState::not_whole) ::unlink(folder.restore_path().c_str());
  SEALIFT_TRY_VOID(sync_below(folder.path()));
  return parcels.size();
}

}  // namespace sealift::server::vault
