#include "core/fetched_tiles.h"

namespace sealift::web {

using base::ErrorCode;
using base::Result;

Result<void> FetchedTiles::take(Arguments& in) {
  SEALIFT_TRY(const std::size_t many, in.count());
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(const std::string_view path, in.text());
    SEALIFT_TRY(const base::ByteView bytes, in.bytes());
    fetched_.emplace(path, base::copy_of(bytes));
  }
  return {};
}

Result<base::Bytes> FetchedTiles::read(const log::TileId& tile) {
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

Result<log::TreeHead> head_of(Arguments& in) {
  SEALIFT_TRY(const std::int64_t size, in.number());
  SEALIFT_TRY(const auto root, in.array<crypto::kSha256Size>());
  if (size < 0) return base::fail(ErrorCode::usage, "a tree of less than nothing");
  return log::TreeHead{static_cast<std::uint64_t>(size), root};
}

void give_checkpoint(const log::Checkpoint& checkpoint, Answer& out) {
  out.text(checkpoint.origin);
  out.number(static_cast<std::int64_t>(checkpoint.head.size));
  out.bytes(checkpoint.head.root);
}

}  // namespace sealift::web
