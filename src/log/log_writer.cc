#include "log/log_writer.h"

#include <algorithm>

#include "base/limits.h"
#include "log/internal/journal.h"

namespace sealift::log {

using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

tl::unexpected<base::Error> damaged(std::string_view what) {
  return fail(ErrorCode::damaged, "log: " + std::string(what));
}

}  // namespace

Result<std::unique_ptr<LogWriter>> LogWriter::open(base::FileSystem& files, LogKey key) {
  std::unique_ptr<LogWriter> writer(new LogWriter(files, std::move(key)));
  SEALIFT_TRY_VOID(writer->recover());
  return writer;
}

Result<void> LogWriter::recover() {
  SEALIFT_TRY_VOID(need_folder(std::string(kJournalFolder)));
  SEALIFT_TRY_VOID(need_folder(std::string(kTileFolderPath)));
  const auto note = base::read_file(files_, std::string(kCheckpointPath), limits::kLogNoteSizeMax);
  if (!note && note.error().code != ErrorCode::not_found) return tl::unexpected(note.error());
  if (note) {
    SEALIFT_TRY(const Checkpoint last, open_checkpoint(base::text_of(*note), key_.verifier()));
    last_ = last.head;
  }
  SEALIFT_TRY_VOID(write_key());
  SEALIFT_TRY(const auto journals, list_journals(files_));
  if (journals.empty()) {
    if (last_) return damaged("a checkpoint, and no journal");
    return start_journal();
  }
  const std::uint64_t bundle = journals.back();
  SEALIFT_TRY(edge_, TreeEdge::load(tiles_, bundle));
  if (last_ && last_->size < edge_.size()) SEALIFT_TRY_VOID(check_last_checkpoint());
  SEALIFT_TRY_VOID(replay(bundle));
  if (last_) return damaged("fewer entries than the last checkpoint covers");
  for (const std::uint64_t older : journals) {
    if (older < bundle) SEALIFT_TRY_VOID(files_.remove(journal_path(older)));
  }
  return {};
}

// For those who verify a copy, and know that this is the key they mean.
Result<void> LogWriter::write_key() {
  const std::string line = key_.verifier().text() + "\n";
  const auto found = base::read_file(files_, std::string(kKeyPath), line.size());
  if (found && base::text_of(*found) == line) return {};
  return base::replace_file(files_, std::string(kKeyPath), base::bytes_of(line));
}

// The last checkpoint lies before the journal: the tiles that were written with it tell its root.
Result<void> LogWriter::check_last_checkpoint() {
  TileHashes hashes(tiles_, last_->size);
  SEALIFT_TRY(const Hash root, tree_root(hashes, last_->size));
  if (root != last_->root) return damaged("not the tree of the last checkpoint");
  last_.reset();
  return {};
}

// The journal is written anew: what a failed sync left in memory alone is then certain, or gone.
Result<void> LogWriter::replay(std::uint64_t bundle) {
  const std::string path = journal_path(bundle);
  SEALIFT_TRY(const base::Bytes file, base::read_file(files_, path, kLogFileSizeMax));
  SEALIFT_TRY(const internal::Journal journal, internal::read_journal(file, edge_.size()));
  SEALIFT_TRY_VOID(base::replace_file(files_, path, ByteView(file).first(journal.valid_bytes)));
  SEALIFT_TRY(journal_, files_.open(path, base::OpenFor::writing));
  journal_bytes_ = journal.valid_bytes;
  const auto pass_last = [&]() -> Result<void> {
    if (!last_ || last_->size != edge_.size()) return {};
    if (last_->root != edge_.root()) return damaged("not the tree of the last checkpoint");
    last_.reset();
    return {};
  };
  SEALIFT_TRY_VOID(pass_last());
  for (const ByteView entry : journal.entries) {
    SEALIFT_TRY_VOID(take(entry));
    SEALIFT_TRY_VOID(pass_last());
  }
  return {};
}

Result<std::uint64_t> LogWriter::append(std::span<const base::Bytes> entries) {
  if (is_closed_) return fail(ErrorCode::io, "log: an earlier write failed; open it again");
  const auto too_long = [](const base::Bytes& e) { return e.size() > limits::kLogEntrySizeMax; };
  if (entries.size() > limits::kLogBatchEntriesMax || std::ranges::any_of(entries, too_long))
    return fail(ErrorCode::limit, "log: entry too long or too many at once");
  const std::uint64_t first = size();
  while (!entries.empty()) {
    const std::size_t room = kTileWidth - edge_.partial(0).size();
    const std::size_t count = std::min(room, entries.size());
    if (auto appended = append_in_bundle(entries.first(count)); !appended) {
      is_closed_ = true;
      return tl::unexpected(std::move(appended).error());
    }
    entries = entries.subspan(count);
  }
  return first;
}

Result<void> LogWriter::append_in_bundle(std::span<const base::Bytes> entries) {
  const base::Bytes frame = internal::encode_frame(size(), entries);
  SEALIFT_TRY_VOID(files_.write_at(journal_.get(), frame, journal_bytes_));
  SEALIFT_TRY_VOID(files_.sync_data(journal_.get()));
  journal_bytes_ += frame.size();
  for (const base::Bytes& entry : entries) SEALIFT_TRY_VOID(take(entry));
  return {};
}

// Adds an entry that is durable in the journal. When a bundle is full its files replace the
// journal.
Result<void> LogWriter::take(ByteView entry) {
  append_to_bundle(bundle_, entry);
  const std::vector<FullTile> full = edge_.add(leaf_hash(entry));
  if (full.empty()) return {};
  const TileId bundle{.kind = TileKind::entries, .number = full.front().id.number};
  SEALIFT_TRY_VOID(write_tile(bundle, bundle_));
  for (const FullTile& tile : full) SEALIFT_TRY_VOID(write_tile(tile.id, encode_tile(tile.hashes)));
  bundle_.clear();
  SEALIFT_TRY_VOID(start_journal());
  SEALIFT_TRY_VOID(files_.remove(journal_path(bundle.number)));
  SEALIFT_TRY_VOID(drop_partials(bundle));
  for (const FullTile& tile : full) SEALIFT_TRY_VOID(drop_partials(tile.id));
  return {};
}

Result<void> LogWriter::start_journal() {
  const std::string path = journal_path(size() / kTileWidth);
  SEALIFT_TRY_VOID(base::replace_file(files_, path, {}));
  SEALIFT_TRY(journal_, files_.open(path, base::OpenFor::writing));
  journal_bytes_ = 0;
  return {};
}

Result<SignedCheckpoint> LogWriter::publish() {
  if (is_closed_) return fail(ErrorCode::io, "log: an earlier write failed; open it again");
  if (published_ && published_->checkpoint.head.size == size()) return *published_;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    const std::vector<Hash>& hashes = edge_.partial(level);
    if (hashes.empty()) continue;
    TileId tile{.level = level, .number = level_size(size(), level) / kTileWidth};
    tile.width = static_cast<unsigned>(hashes.size());
    SEALIFT_TRY_VOID(write_tile(tile, encode_tile(hashes)));
    tile.kind = TileKind::entries;
    if (level == 0) SEALIFT_TRY_VOID(write_tile(tile, bundle_));
  }
  SignedCheckpoint fresh;
  fresh.checkpoint = {.origin = key_.name, .head = {size(), edge_.root()}, .extensions = {}};
  fresh.note = sign_note(checkpoint_text(fresh.checkpoint), key_.name, key_.secret);
  SEALIFT_TRY_VOID(
      base::replace_file(files_, std::string(kCheckpointPath), base::bytes_of(fresh.note)));
  published_ = fresh;
  return fresh;
}

Result<Receipt> LogWriter::receipt(std::uint64_t index) {
  if (!published_ || index >= published_->checkpoint.head.size)
    return fail(ErrorCode::not_found, "log: no checkpoint covers that entry yet");
  TileHashes hashes(tiles_, published_->checkpoint.head.size);
  const Place place{.index = index, .tree_size = published_->checkpoint.head.size};
  SEALIFT_TRY(auto path, inclusion_path(hashes, place));
  return Receipt{index, std::move(path), published_->note, std::nullopt};
}

Result<std::vector<Hash>> LogWriter::consistency(std::uint64_t older_size) {
  if (!published_ || older_size > published_->checkpoint.head.size)
    return fail(ErrorCode::not_found, "log: no checkpoint is that large yet");
  TileHashes hashes(tiles_, published_->checkpoint.head.size);
  return consistency_path(hashes, older_size, published_->checkpoint.head.size);
}

Result<void> LogWriter::write_tile(const TileId& tile, ByteView bytes) {
  const std::string path = tile_path(tile);
  SEALIFT_TRY_VOID(need_folder(base::folder_of_path(path)));
  return base::replace_file(files_, path, bytes);
}

// Makes a folder and those above it, so that no power cut takes them away.
Result<void> LogWriter::need_folder(const std::string& path) {
  if (path.empty() || folders_.contains(path)) return {};
  const std::string above = base::folder_of_path(path);
  SEALIFT_TRY_VOID(need_folder(above));
  SEALIFT_TRY_VOID(files_.make_folder(path));
  SEALIFT_TRY_VOID(files_.sync_folder(above));
  folders_.insert(path);
  return {};
}

// The full tile is there for everyone who asks for a part of it.
Result<void> LogWriter::drop_partials(TileId tile) {
  tile.width = 1;
  const std::string folder = base::folder_of_path(tile_path(tile));
  folders_.erase(folder);
  const auto names = files_.list_folder(folder);
  if (!names) return {};  // none was ever published
  for (const std::string& name : *names) SEALIFT_TRY_VOID(files_.remove(folder + "/" + name));
  return {};
}

}  // namespace sealift::log
