#include "server/vault/log_reader.h"

#include "base/limits.h"
#include "log/checkpoint.h"
#include "log/proof.h"

namespace sealift::server::vault {

using base::ErrorCode;
using base::Result;

Result<std::string> LogReader::checkpoint() {
  SEALIFT_TRY(const base::Bytes note,
              base::read_file(files_, std::string(log::kCheckpointPath), limits::kLogNoteSizeMax));
  return std::string(base::text_of(note));
}

Result<base::Bytes> LogReader::tile(std::string_view path) {
  const auto tile = log::parse_tile_path(std::string("tile/").append(path));
  if (!tile) return base::fail(ErrorCode::not_found, "no tile's path");
  return tiles_.read(*tile);
}

Result<std::optional<std::string>> LogReader::proof(catalog::LogIndex index) {
  auto note = checkpoint();
  if (!note && note.error().code == ErrorCode::not_found) return std::optional<std::string>();
  if (!note) return tl::unexpected(std::move(note).error());
  SEALIFT_TRY(const log::Checkpoint head, log::open_checkpoint(*note, key_));
  if (index.value >= head.head.size) return std::optional<std::string>();
  log::TileHashes hashes(tiles_, head.head.size);
  SEALIFT_TRY(auto path, log::inclusion_path(hashes, {index.value, head.head.size}));
  return std::optional(log::receipt_text({.index = index.value,
                                          .path = std::move(path),
                                          .checkpoint_note = *std::move(note),
                                          .extra = std::nullopt}));
}

}  // namespace sealift::server::vault
