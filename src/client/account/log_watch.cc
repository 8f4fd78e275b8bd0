#include "client/account/log_watch.h"

#include <algorithm>
#include <limits>

#include "base/refusal.h"
#include "log/log_folder.h"
#include "log/proof.h"
#include "log/tree_edge.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

tl::unexpected<base::Error> contradiction(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

Result<void> prove_consistent(const api::Api& api, ServerLog which, const log::TreeHead& older,
                              const log::TreeHead& newer) {
  ServerTiles tiles(api, which);
  log::TileHashes hashes(tiles, newer.size);
  auto path = log::consistency_path(hashes, older.size, newer.size);
  if (!path && path.error().code == ErrorCode::io)
    return tl::unexpected(std::move(path).error().with_context("the server's log"));
  if (!path || !log::verify_consistency(older, newer, *path))
    return contradiction("the server's log is not the one seen before: it was changed");
  return {};
}

// Compares a tile that the entries give with the one served.
Result<void> compare_tile(log::TileSource& tiles, const log::TileId& id,
                          std::span<const log::Hash> expected) {
  SEALIFT_TRY(const std::vector<log::Hash> served, log::read_hashes(tiles, id));
  if (!std::ranges::equal(served, expected))
    return contradiction("a tile of the server's log is not what its entries give");
  return {};
}

// Adds one bundle of entries; gives how many there were.
class WholeLog {
 public:
  WholeLog(const api::Api& api, const log::TreeHead& head, const std::optional<log::TreeHead>& kept)
      : tiles_(api), head_(head), kept_(kept) {}

  Result<void> take_bundle(std::uint64_t number) {
    log::TileId id{.kind = log::TileKind::entries, .level = 0, .number = number};
    id.width = log::tile_width(head_.size, id);
    SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles_, id));
    SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, id.width));
    for (const base::ByteView entry : entries) {
      for (const log::FullTile& full : edge_.add(log::leaf_hash(entry))) {
        SEALIFT_TRY_VOID(compare_tile(tiles_, full.id, full.hashes));
        ++tiles_checked_;
      }
      if (kept_ && edge_.size() == kept_->size && edge_.root() != kept_->root)
        return contradiction("the server's log is not the one seen before: it was changed");
    }
    return {};
  }

  Result<LogCheck> finish() {
    if (edge_.root() != head_.root)
      return contradiction("the entries of the server's log are not what its checkpoint says");
    for (unsigned level = 0; level < log::kTileLevels; ++level) {
      const auto& hashes = edge_.partial(level);
      if (hashes.empty()) continue;
      const log::TileId id{.kind = log::TileKind::hashes,
                           .level = level,
                           .number = log::level_size(head_.size, level) / log::kTileWidth,
                           .width = static_cast<unsigned>(hashes.size())};
      SEALIFT_TRY_VOID(compare_tile(tiles_, id, hashes));
      ++tiles_checked_;
    }
    return LogCheck{head_, tiles_checked_};
  }
  std::uint64_t size() const { return edge_.size(); }

 private:
  ServerTiles tiles_;
  const log::TreeHead head_;
  const std::optional<log::TreeHead> kept_;
  log::TreeEdge edge_;
  std::uint64_t tiles_checked_ = 0;
};

}  // namespace

Result<base::Bytes> ServerTiles::read(const log::TileId& tile) {
  const std::string path = log::tile_path(tile);
  const auto& row = which_ == ServerLog::events ? api::kLogTile : api::kDirectoryTile;
  SEALIFT_TRY(api::Octets octets,
              api_.call(row, {}, api::TilePath{path.substr(std::string("tile/").size())}));
  if (octets.bytes.size() > log::kLogFileSizeMax)
    return base::fail(ErrorCode::limit,
                      "a tile of the server's log has " + std::to_string(octets.bytes.size()) +
                          " bytes, and may have " + std::to_string(log::kLogFileSizeMax));
  return std::move(octets.bytes);
}

// The pinned one; or, the first time, the one that the server names.
Result<log::VerifierKey> LogWatch::key() {
  if (pin_) return log::VerifierKey::parse(pin_->key);
  SEALIFT_TRY(const api::ServerDescription server, api_.call(api::kServerDescribe));
  const bool is_directory = which_ == ServerLog::directory;
  SEALIFT_TRY(
      log::VerifierKey key,
      log::VerifierKey::parse(is_directory ? server.directory_key.value_or("") : server.log_key));
  if (key.name() != server.log_origin + (is_directory ? "/directory" : ""))
    return base::fail(ErrorCode::malformed, "the log's key is not of the log's name");
  server_ = server;
  return key;
}

// Once, and kept: a server that was broken into may name others.
void LogWatch::pin_reopen_keys(const api::ServerDescription& server) {
  if (!pin_->reopen_keys.empty() || !server.reopen_keys) return;
  pin_->reopen_keys = *server.reopen_keys;
  // One that is there already is of a restore from before this client came.
  const log::SeenLog seen{.key = pin_->key,
                          .size = std::numeric_limits<std::uint64_t>::max(),
                          .restored = {},
                          .reopen_keys = pin_->reopen_keys};
  const auto before = log::judge_restore_statement(server.restore_statement.value_or(""), seen);
  if (before) pin_->restored = before->restored;
}

Result<std::optional<log::RestoreStatement>> LogWatch::stated_restore() {
  SEALIFT_CHECK(which_ == ServerLog::events);
  if (!pin_) return std::nullopt;
  SEALIFT_TRY(const api::ServerDescription server, api_.call(api::kServerDescribe));
  const log::SeenLog seen{.key = pin_->key,
                          .size = pin_->head.size,
                          .restored = pin_->restored,
                          .reopen_keys = pin_->reopen_keys};
  return log::judge_restore_statement(server.restore_statement.value_or(""), seen);
}

Result<log::Checkpoint> LogWatch::accept_restore(const log::RestoreStatement& statement) {
  const bool is_directory = which_ == ServerLog::directory;
  const log::TreeHead& kept = is_directory ? statement.kept_directory : statement.kept;
  SEALIFT_TRY(const log::VerifierKey verifier, key());
  SEALIFT_TRY(const api::Octets octets,
              api_.call(is_directory ? api::kDirectoryCheckpoint : api::kLogCheckpoint));
  const std::string note(base::text_of(octets.bytes));
  SEALIFT_TRY(log::Checkpoint checkpoint, log::open_checkpoint(note, verifier));
  if (checkpoint.head.size < kept.size)
    return contradiction("the server's log is shorter than its operator states");
  // What was pinned is kept whole when the restore kept more.
  const log::TreeHead& from = pin_->head.size < kept.size ? pin_->head : kept;
  SEALIFT_TRY_VOID(prove_consistent(api_, which_, from, checkpoint.head));
  pin_->head = checkpoint.head;
  pin_->note = note;
  pin_->restored = statement.restored;
  return checkpoint;
}

Result<void> LogWatch::accept(const log::Checkpoint& checkpoint, std::string_view note) {
  const log::TreeHead& seen = checkpoint.head;
  if (!pin_) return {};
  const log::TreeHead& kept = pin_->head;
  if (seen.size == kept.size && seen.root != kept.root)
    return contradiction("the server's log is not the one seen before: it has forked");
  if (seen.size < kept.size) return prove_consistent(api_, which_, seen, kept);
  if (seen.size > kept.size) {
    SEALIFT_TRY_VOID(prove_consistent(api_, which_, kept, seen));
    pin_->head = seen;
    pin_->note = note;
  }
  return {};
}

Result<void> LogWatch::accept_head(const log::TreeHead& head) {
  if (!pin_ || pin_->head.size < head.size) SEALIFT_TRY_VOID(follow());
  if (pin_->head.size < head.size)
    return contradiction("the server's log is shorter than somebody else saw it");
  return accept({.origin = {}, .head = head, .extensions = {}}, {});
}

base::Error LogWatch::explained(base::Error error) {
  if (error.code != ErrorCode::damaged || which_ != ServerLog::events) return error;
  const auto stated = stated_restore();
  return stated && *stated ? base::refuse("log_restored").value() : error;
}

Result<log::Checkpoint> LogWatch::follow() {
  auto newest = follow_newest();
  if (!newest) return tl::unexpected(explained(std::move(newest).error()));
  return newest;
}

Result<log::Checkpoint> LogWatch::follow_newest() {
  SEALIFT_TRY(const log::VerifierKey verifier, key());
  SEALIFT_TRY(
      const api::Octets octets,
      api_.call(which_ == ServerLog::events ? api::kLogCheckpoint : api::kDirectoryCheckpoint));
  const std::string note(base::text_of(octets.bytes));
  SEALIFT_TRY(log::Checkpoint checkpoint, log::open_checkpoint(note, verifier));
  if (pin_ && checkpoint.head.size < pin_->head.size)
    return contradiction("the server's log went back to an older state");
  if (!pin_) pin_ = LogPin{verifier.text(), checkpoint.head, note, {}, {}};
  SEALIFT_TRY_VOID(accept(checkpoint, note));
  if (which_ == ServerLog::events && pin_->reopen_keys.empty()) {
    if (!server_) {
      SEALIFT_TRY(server_, api_.call(api::kServerDescribe));
    }
    pin_reopen_keys(*server_);
  }
  return checkpoint;
}

Result<void> LogWatch::accept_proof(std::string_view proof, base::ByteView salt,
                                    base::ByteView event) {
  auto accepted = accept_event(proof, salt, event);
  if (!accepted) return tl::unexpected(explained(std::move(accepted).error()));
  return {};
}

Result<void> LogWatch::accept_event(std::string_view proof, base::ByteView salt,
                                    base::ByteView event) {
  if (!pin_) SEALIFT_TRY_VOID(follow());
  SEALIFT_TRY(const log::VerifierKey verifier, key());
  SEALIFT_TRY(const log::Receipt receipt, log::parse_receipt(proof));
  log::EventSalt event_salt{};
  if (salt.size() != event_salt.size())
    return base::fail(ErrorCode::malformed, "the proof's salt has another size");
  std::ranges::copy(salt, event_salt.begin());
  SEALIFT_TRY(const log::Checkpoint checkpoint,
              log::verify_receipt(receipt, log::event_entry(event_salt, event), verifier));
  return accept(checkpoint, receipt.checkpoint_note);
}

Result<LogCheck> check_whole_log(const api::Api& api, const log::TreeHead& head,
                                 const std::optional<log::TreeHead>& kept,
                                 const std::function<void(std::uint64_t)>& progress) {
  if (kept && kept->size > head.size)
    return contradiction("the server's log went back to an older state");
  WholeLog whole(api, head, kept);
  for (std::uint64_t bundle = 0; bundle * log::kTileWidth < head.size; ++bundle) {
    SEALIFT_TRY_VOID(whole.take_bundle(bundle));
    if (progress) progress(whole.size());
  }
  return whole.finish();
}

}  // namespace sealift::client
