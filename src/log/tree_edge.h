// TreeEdge: the right edge of a growing tree, all that is needed to add leaves and to tell the
// root.
//
// Holds, for each tile level, the hashes of the one tile that is not full. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "log/tile.h"

namespace sealift::log {

struct FullTile {
  TileId id;
  std::vector<Hash> hashes;  // kTileWidth of them
};

class TreeEdge {
 public:
  TreeEdge() = default;  // of the empty tree

  // The edge of the tree of `full_bundles` * 256 leaves whose full tiles are all there.
  // Errors: not_found, malformed, limit, io.
  static base::Result<TreeEdge> load(TileSource& tiles, std::uint64_t full_bundles);

  // Gives the tiles that this leaf made full, lowest level first: mostly none.
  std::vector<FullTile> add(const Hash& leaf);

  std::uint64_t size() const { return size_; }
  Hash root() const;
  // The hashes of the tile that is not full; maybe none.
  const std::vector<Hash>& partial(unsigned level) const { return levels_[level]; }

 private:
  std::uint64_t size_ = 0;
  std::array<std::vector<Hash>, kTileLevels> levels_;
};

}  // namespace sealift::log
