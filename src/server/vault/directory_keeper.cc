#include "server/vault/directory_keeper.h"

#include <algorithm>

#include "base/byte_writer.h"
#include "crypto/hkdf.h"
#include "log/log_folder.h"
#include "log/tile.h"
#include "server/log_line.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::DirectoryChange;
using directory::State;

constexpr std::uint32_t kBatchMax = 1024;

crypto::VrfSecret vrf_key(const crypto::SecretBytes<32>& seed) {
  const auto derived = crypto::hkdf_sha256<64>(
      {.key = seed.view(), .salt = {}, .info = base::bytes_of("sealift/v1/directory/vrf-key")});
  return crypto::VrfSecret::from_uniform(derived.view());
}

std::uint64_t milliseconds(base::UnixTime time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count()));
}

base::Bytes authenticator(const VaultKeys& keys, const DirectoryChange& change) {
  base::ByteWriter message;
  message.bytes(change.place);
  message.u8(change.how);
  message.u64_be(change.generation.value);
  message.bytes(change.commitment);
  message.u64_be(milliseconds(change.happened));
  return base::copy_of(keys.authenticator(VaultKeys::Queue::directory, message.written()));
}

}  // namespace

log::LogKey directory_log_key(const std::string& log_name,
                              const crypto::SecretBytes<32>& log_seed) {
  const auto derived = crypto::hkdf_sha256<32>(
      {.key = log_seed.view(), .salt = {}, .info = base::bytes_of("sealift/v1/directory/log-key")});
  return {log_name + "/directory", crypto::Ed25519Secret::from_seed(derived.view())};
}

directory::Index index_of(const DirectoryChange& change) {
  directory::Index index{};
  std::copy_n(change.place.begin(), std::min(change.place.size(), index.size()), index.begin());
  return index;
}

State state_of(const DirectoryChange& change) {
  State state{static_cast<directory::How>(change.how),
              static_cast<std::uint32_t>(change.generation.value),
              {}};
  std::copy_n(change.commitment.begin(),
              std::min(change.commitment.size(), state.commitment.size()),
              state.commitment.begin());
  return state;
}

DirectoryKeeper::DirectoryKeeper(const Needs& needs)
    : needs_(needs),
      vrf_(vrf_key(needs.log_seed)),
      reader_(needs.files, directory_log_key(needs.log_name, needs.log_seed).verifier()) {}

Result<std::unique_ptr<DirectoryKeeper>> DirectoryKeeper::open(const Needs& needs) {
  std::unique_ptr<DirectoryKeeper> keeper(new DirectoryKeeper(needs));
  SEALIFT_TRY_VOID(keeper->open_log());
  return keeper;
}

Result<void> DirectoryKeeper::note(catalog::Records& records, std::string_view address,
                                   const State& state, base::UnixTime now) const {
  DirectoryChange change{.place = base::copy_of(vrf_.output(directory::index_input(address))),
                         .how = static_cast<std::uint8_t>(state.how),
                         .generation = {state.generation},
                         .commitment = base::copy_of(state.commitment),
                         .happened = now};
  change.authenticator = authenticator(needs_.keys, change);
  return records.directory->add_change(change);
}

Result<void> DirectoryKeeper::open_log() {
  const std::unique_lock lock(mutex_);
  published_.reset();
  SEALIFT_TRY(writer_, log::LogWriter::open(needs_.files,
                                            directory_log_key(needs_.log_name, needs_.log_seed)));
  if (writer_->size() == 0) {
    const base::Bytes first = directory::encode_entry(directory::FirstEntry{
        .vrf_key = vrf_.public_key(), .organisation_key = {}, .predecessor = {}});
    SEALIFT_TRY_VOID(writer_->append(std::span(&first, 1)));
  }
  SEALIFT_TRY_VOID(writer_->publish());
  SEALIFT_TRY_VOID(replay_log());
  SEALIFT_TRY_VOID(reconcile());
  return publish();
}

// The map, out of the entries that this machine wrote.
Result<void> DirectoryKeeper::replay_log() {
  replay_ = std::make_unique<directory::Replay>(directory::Replay::Roots::last);
  log::FolderTiles tiles(needs_.files);
  const std::uint64_t size = writer_->size();
  for (std::uint64_t number = 0; number * log::kTileWidth < size; ++number) {
    log::TileId bundle{log::TileKind::entries, 0, number, log::kTileWidth};
    bundle.width = log::tile_width(size, bundle);
    SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles, bundle));
    SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, bundle.width));
    for (const base::ByteView entry : entries) SEALIFT_TRY_VOID(replay_->take(entry));
    SEALIFT_TRY(last_, directory::parse_entry(entries.back()));
  }
  SEALIFT_TRY_VOID(replay_->check_root());
  if (replay_->first()->vrf_key != vrf_.public_key())
    return base::fail(ErrorCode::damaged, "the directory's log is of another key");
  return {};
}

// Entries beyond what the catalog noted are the first of its queue, or this is another log.
Result<void> DirectoryKeeper::reconcile() {
  const std::uint64_t size = writer_->size();
  SEALIFT_TRY(std::uint64_t first, needs_.catalog.read([](const catalog::Records& records) {
    return records.directory->changes_logged_count();
  }));
  first = std::max<std::uint64_t>(first, 1);  // entry 0 is no change
  if (first > size)
    return base::fail(ErrorCode::damaged,
                      "the directory's log is older than the catalog: run admin fsck");
  if (first == size) return {};
  log::FolderTiles tiles(needs_.files);
  SEALIFT_TRY(const auto changes, queued());
  for (std::uint64_t index = first; index < size; ++index) {
    log::TileId bundle{log::TileKind::entries, 0, index / log::kTileWidth, log::kTileWidth};
    bundle.width = log::tile_width(size, bundle);
    SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles, bundle));
    SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, bundle.width));
    SEALIFT_TRY(const directory::Entry entry,
                directory::parse_entry(entries.at(index % log::kTileWidth)));
    const auto* change = std::get_if<directory::ChangeEntry>(&entry);
    const bool is_same = change != nullptr && index - first < changes.size() &&
                         change->index == index_of(changes[index - first]) &&
                         change->state == state_of(changes[index - first]);
    if (!is_same) return base::fail(ErrorCode::damaged, "the directory's log is not the catalog's");
    SEALIFT_TRY_VOID(needs_.catalog.transact([&](catalog::Records& records) {
      return records.directory->change_logged(changes[index - first].cursor, {index});
    }));
  }
  return {};
}

Result<void> DirectoryKeeper::refuse(const DirectoryChange& change, std::string_view why) const {
  log_line(LogEvent::directory_change_refused,
           {{"change", std::to_string(change.cursor.value)}, {"why", std::string(why)}});
  SEALIFT_TRY_VOID(needs_.catalog.transact(
      [&](catalog::Records& records) { return records.directory->refuse_change(change.cursor); }));
  return {};
}

// What waits, without what isn't the vault's.
Result<std::vector<DirectoryChange>> DirectoryKeeper::queued() const {
  while (true) {
    SEALIFT_TRY(std::vector<DirectoryChange> changes,
                needs_.catalog.read([](const catalog::Records& records) {
                  return records.directory->queued_changes(kBatchMax);
                }));
    std::vector<DirectoryChange> good;
    for (DirectoryChange& change : changes) {
      if (change.authenticator == authenticator(needs_.keys, change)) {
        good.push_back(std::move(change));
      } else {
        SEALIFT_TRY_VOID(
            refuse(change, "something else than this server wrote it into the catalog"));
      }
    }
    if (!good.empty() || changes.empty()) return good;
  }
}

Result<bool> DirectoryKeeper::log_some() {
  if (!published_) SEALIFT_TRY_VOID(open_log());
  SEALIFT_TRY(const auto changes, queued());
  if (changes.empty()) return false;
  const std::unique_lock lock(mutex_);
  published_.reset();  // until all of it is done: an error in the middle opens the log again
  const std::uint64_t first = writer_->size();
  std::vector<base::Bytes> entries;
  std::vector<catalog::Cursor> logged;
  for (const DirectoryChange& change : changes) {
    const auto entry =
        replay_->add(index_of(change), state_of(change), milliseconds(change.happened));
    if (!entry) {
      SEALIFT_TRY_VOID(refuse(change, entry.error().text));
      continue;
    }
    last_ = *entry;
    entries.push_back(directory::encode_entry(*entry));
    logged.push_back(change.cursor);
  }
  SEALIFT_TRY_VOID(writer_->append(entries));
  const auto noted = needs_.commits.transact([&](catalog::Records& records) -> Result<void> {
    std::uint64_t index = first;
    for (const catalog::Cursor cursor : logged)
      SEALIFT_TRY_VOID(records.directory->change_logged(cursor, {index++}));
    return {};
  });
  if (!noted) return tl::unexpected(noted.error());
  SEALIFT_TRY_VOID(publish());
  return true;
}

Result<void> DirectoryKeeper::publish() {
  SEALIFT_TRY_VOID(writer_->publish());
  SEALIFT_TRY(log::Receipt receipt, writer_->receipt(writer_->size() - 1));
  published_ = Published{last_, std::move(receipt.path), std::move(receipt.checkpoint_note)};
  return {};
}

Result<std::string> DirectoryKeeper::look(std::string_view address) const {
  directory::Lookup lookup;
  lookup.vrf = vrf_.prove(directory::index_input(address));
  const directory::Index index = crypto::vrf_output(lookup.vrf);
  const std::shared_lock lock(mutex_);
  if (!published_) return base::fail(ErrorCode::io, "the directory's log can't be written");
  lookup.map = replay_->map().prove(index);
  lookup.last = published_->last;
  lookup.path = published_->path;
  lookup.note = published_->note;
  return directory::lookup_text(lookup);
}

}  // namespace sealift::server::vault
