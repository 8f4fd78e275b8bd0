#include "server/vault/custody_leaf.h"

#include <algorithm>

#include "log/log_folder.h"
#include "log/proof.h"
#include "log/tile.h"

namespace sealift::server::vault {

base::Bytes entry_of(const catalog::CustodyEvent& event) {
  log::EventSalt salt{};
  std::copy_n(event.salt.begin(), std::min(event.salt.size(), salt.size()), salt.begin());
  return log::event_entry(salt, event.event);
}

base::Result<std::vector<base::Bytes>> read_entries(base::FileSystem& files, std::uint64_t bundle,
                                                    std::uint64_t size) {
  log::FolderTiles tiles(files);
  log::TileId tile{log::TileKind::entries, 0, bundle, log::kTileWidth};
  tile.width = log::tile_width(size, tile);
  const unsigned width = tile.width;
  auto bytes = tiles.read(tile);
  // A partial bundle goes once its full one is there.
  if (!bytes && bytes.error().code == base::ErrorCode::not_found && width != log::kTileWidth) {
    tile.width = log::kTileWidth;
    bytes = tiles.read(tile);
  }
  if (!bytes) return tl::unexpected(std::move(bytes).error());
  SEALIFT_TRY(const auto entries, log::parse_bundle(*bytes, tile.width));
  std::vector<base::Bytes> copies;
  for (const base::ByteView entry : entries) {
    if (copies.size() < width) copies.push_back(base::copy_of(entry));
  }
  return copies;
}

}  // namespace sealift::server::vault
