// The log: checkpoints and proofs (docs/formats/log.md).
#include <array>
#include <map>

#include "core/operations.h"
#include "log/checkpoint.h"
#include "log/proof.h"
#include "log/tile.h"

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

// origin, size, root
void give_checkpoint(const log::Checkpoint& checkpoint, Answer& out) {
  out.text(checkpoint.origin);
  out.number(static_cast<std::int64_t>(checkpoint.head.size));
  out.bytes(checkpoint.head.root);
}

// note, verifier key -> checkpoint
Result<void> open_checkpoint(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view note, in.text());
  SEALIFT_TRY(const std::string_view key_text, in.text());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(key_text));
  SEALIFT_TRY(const log::Checkpoint checkpoint, log::open_checkpoint(note, key));
  give_checkpoint(checkpoint, out);
  return {};
}

// proof, salt, event, verifier key -> checkpoint, its note
Result<void> verify_proof(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const auto salt, in.array<32>());
  SEALIFT_TRY(const base::ByteView event, in.bytes());
  SEALIFT_TRY(const std::string_view key_text, in.text());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(key_text));
  SEALIFT_TRY(const log::Receipt receipt, log::parse_receipt(text));
  SEALIFT_TRY(const log::Checkpoint checkpoint,
              log::verify_receipt(receipt, log::event_entry(salt, event), key));
  give_checkpoint(checkpoint, out);
  out.text(receipt.checkpoint_note);
  return {};
}

// The tiles that the page has fetched so far; remembers which it would have needed.
class FetchedTiles final : public log::TileSource {
 public:
  void add(std::string path, base::Bytes bytes) {
    fetched_.emplace(std::move(path), std::move(bytes));
  }

  Result<base::Bytes> read(const log::TileId& tile) override {
    const std::string path = log::tile_path(tile);
    const auto at = fetched_.find(path);
    if (at == fetched_.end()) {
      needed_ = path;
      return base::fail(ErrorCode::io, "a tile is to be fetched");
    }
    // The page says so of a partial tile that is gone.
    if (at->second.empty()) return base::fail(ErrorCode::not_found, "no such tile");
    return at->second;
  }

  const std::string& needed() const { return needed_; }

 private:
  std::map<std::string, base::Bytes> fetched_;
  std::string needed_;
};

Result<log::TreeHead> head_of(Arguments& in) {
  SEALIFT_TRY(const std::int64_t size, in.number());
  SEALIFT_TRY(const auto root, in.array<crypto::kSha256Size>());
  if (size < 0) return base::fail(ErrorCode::usage, "a tree of less than nothing");
  return log::TreeHead{static_cast<std::uint64_t>(size), root};
}

// older (size, root), newer, tiles (path, bytes) -> paths that are still needed; none: consistent
Result<void> judge_consistency(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const log::TreeHead older, head_of(in));
  SEALIFT_TRY(const log::TreeHead newer, head_of(in));
  SEALIFT_TRY(const std::size_t many, in.count());
  FetchedTiles tiles;
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(const std::string_view path, in.text());
    SEALIFT_TRY(const base::ByteView bytes, in.bytes());
    tiles.add(std::string(path), base::copy_of(bytes));
  }
  if (older.size > newer.size) return base::fail(ErrorCode::usage, "older is not the older one");
  log::TileHashes hashes(tiles, newer.size);
  const auto path = log::consistency_path(hashes, older.size, newer.size);
  if (!path && path.error().code == ErrorCode::io) {
    out.text(tiles.needed());
    return {};
  }
  if (!path || !log::verify_consistency(older, newer, *path))
    return base::fail(ErrorCode::damaged, "the server's log is not the one seen before");
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"checkpoint.open", open_checkpoint},
    NamedOperation{"proof.verify", verify_proof},
    NamedOperation{"consistency.judge", judge_consistency},
};

}  // namespace

std::span<const NamedOperation> log_operations() { return kOperations; }

}  // namespace sealift::web
