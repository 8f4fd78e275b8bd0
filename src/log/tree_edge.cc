#include "log/tree_edge.h"

#include <optional>

#include "base/check.h"
#include "base/limits.h"

namespace sealift::log {

base::Result<TreeEdge> TreeEdge::load(TileSource& tiles, std::uint64_t full_bundles) {
  TreeEdge edge;
  edge.size_ = full_bundles * kTileWidth;
  for (unsigned level = 1; level < kTileLevels; ++level) {
    const std::uint64_t end = level_size(edge.size_, level);
    for (std::uint64_t below = end - end % kTileWidth; below < end; ++below) {
      SEALIFT_TRY(const auto hashes, read_hashes(tiles, {.level = level - 1, .number = below}));
      edge.levels_[level].push_back(perfect_root(hashes));
    }
  }
  return edge;
}

std::vector<FullTile> TreeEdge::add(const Hash& leaf) {
  SEALIFT_CHECK(size_ < limits::kLogTreeSizeMax);
  ++size_;
  levels_[0].push_back(leaf);
  std::vector<FullTile> full;
  for (unsigned level = 0; levels_[level].size() == kTileWidth; ++level) {
    const std::uint64_t number = level_size(size_, level) / kTileWidth - 1;
    levels_[level + 1].push_back(perfect_root(levels_[level]));
    full.push_back({{.level = level, .number = number}, std::move(levels_[level])});
    levels_[level].clear();
  }
  return full;
}

// The perfect subtrees that the tree falls into, smallest first: the bits of each level's width.
Hash TreeEdge::root() const {
  std::optional<Hash> root;
  for (const std::vector<Hash>& level : levels_) {
    std::size_t end = level.size();
    for (std::size_t count = 1; count <= end; count *= 2) {
      if ((end & count) == 0) continue;
      end -= count;
      const Hash subtree = perfect_root(std::span(level).subspan(end, count));
      root = root ? node_hash(subtree, *root) : subtree;
    }
  }
  return root ? *root : empty_root();
}

}  // namespace sealift::log
