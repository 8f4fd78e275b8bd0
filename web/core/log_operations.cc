// The log: checkpoints and proofs (docs/formats/log.md).
#include <array>

#include "core/fetched_tiles.h"
#include "core/operations.h"
#include "log/checkpoint.h"
#include "log/proof.h"
#include "log/restore_statement.h"

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

std::int64_t number_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void give_head(const log::TreeHead& head, Answer& out) {
  out.number(number_of(head.size));
  out.bytes(head.root);
}

// note, the log's verifier key, its size as seen, the newest restore known (ms since 1970), reopen
// keys -> nothing: it doesn't count; else kept (size, root), the directory's, when the backup was
// made and put back, parcels lost
Result<void> judge_restore(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view note, in.text());
  SEALIFT_TRY(const std::string_view key, in.text());
  SEALIFT_TRY(const std::int64_t size, in.number());
  SEALIFT_TRY(const std::int64_t restored, in.number());
  SEALIFT_TRY(const std::size_t many, in.count());
  std::vector<std::string> reopen_keys;
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(const std::string_view reopen_key, in.text());
    reopen_keys.emplace_back(reopen_key);
  }
  const log::SeenLog seen{.key = key,
                          .size = static_cast<std::uint64_t>(size),
                          .restored = base::UnixTime(std::chrono::milliseconds(restored)),
                          .reopen_keys = reopen_keys};
  const auto statement = log::judge_restore_statement(note, seen);
  if (!statement) return {};
  give_head(statement->kept, out);
  give_head(statement->kept_directory, out);
  out.number(statement->backup.time_since_epoch().count());
  out.number(statement->restored.time_since_epoch().count());
  out.number(number_of(statement->lost));
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"checkpoint.open", open_checkpoint},
    NamedOperation{"proof.verify", verify_proof},
    NamedOperation{"consistency.judge", judge_consistency},
    NamedOperation{"restore.judge", judge_restore},
};

}  // namespace

std::span<const NamedOperation> log_operations() { return kOperations; }

}  // namespace sealift::web
