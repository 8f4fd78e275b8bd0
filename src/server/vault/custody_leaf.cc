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
  SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles, tile));
  SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, tile.width));
  std::vector<base::Bytes> copies;
  for (const base::ByteView entry : entries) copies.push_back(base::copy_of(entry));
  return copies;
}

}  // namespace sealift::server::vault
