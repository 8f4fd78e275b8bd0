// The log: checkpoints and proofs (docs/formats/log.md).
#include <array>

#include "core/fetched_tiles.h"
#include "core/operations.h"
#include "log/checkpoint.h"
#include "log/proof.h"

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

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

// older (size, root), newer, tiles (path, bytes) -> paths that are still needed; none: consistent
Result<void> judge_consistency(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const log::TreeHead older, head_of(in));
  SEALIFT_TRY(const log::TreeHead newer, head_of(in));
  FetchedTiles tiles;
  SEALIFT_TRY_VOID(tiles.take(in));
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
