// Tiles and entry bundles of C2SP tlog-tiles: how a tree of any size lies in files.
//
//   tile path    = "tile/" level "/" number [".p/" width]
//   bundle path  = "tile/entries/" number [".p/" width]
//   level        = "0" .. "7"
//   number       = *( "x" 3DIGIT "/" ) 3DIGIT      1234067 is x001/x234/067
//   width        = "1" .. "255"                     of a partial tile; full ones are 256 wide
//   tile         = width * 32 bytes                 at level l: roots over 256^l leaves each
//   bundle       = width * ( u16-be length, entry )
//
// All functions are thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/merkle.h"

namespace sealift::log {

inline constexpr unsigned kTileHeight = 8;
inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kTileLevels = 8;  // of a tree of at most kLogTreeSizeMax leaves

enum class TileKind { hashes, entries };

struct TileId {
  TileKind kind = TileKind::hashes;
  unsigned level = 0;  // 0 for entries
  std::uint64_t number = 0;
  unsigned width = kTileWidth;

  friend bool operator==(const TileId&, const TileId&) = default;
};

std::string tile_path(const TileId& tile);
// nullopt for anything that tile_path() does not write.
std::optional<TileId> parse_tile_path(std::string_view path);

// How many hashes (or entries) a tree of `tree_size` has at a level, all tiles together.
std::uint64_t level_size(std::uint64_t tree_size, unsigned level);
// The tile's width in a tree of `tree_size`; 0 when the tree has no such tile.
unsigned tile_width(std::uint64_t tree_size, const TileId& tile);

base::Bytes encode_tile(std::span<const Hash> hashes);
// Errors: malformed (not `width` hashes exactly).
base::Result<std::vector<Hash>> parse_tile(base::ByteView bytes, unsigned width);

// `entry` is at most kLogEntrySizeMax long.
void append_to_bundle(base::Bytes& bundle, base::ByteView entry);
// Views into `bytes`. Errors: malformed (not `width` entries exactly).
base::Result<std::vector<base::ByteView>> parse_bundle(base::ByteView bytes, unsigned width);

// Where tiles come from: a folder, or a server.
class TileSource {
 public:
  virtual ~TileSource() = default;
  // The file at the tile's path. Errors: not_found, limit, io.
  virtual base::Result<base::Bytes> read(const TileId& tile) = 0;
};

// The first tile.width hashes of a tile: from the file of that width or, once that is gone, from
// the full one. Errors: not_found, malformed, limit, io.
base::Result<std::vector<Hash>> read_hashes(TileSource& tiles, TileId tile);

// The first tile.width entries of a bundle, in the same way, for parse_bundle(). A reader of
// an older checkpoint's entries may find the partial bundle gone.
base::Result<base::Bytes> read_bundle(TileSource& tiles, TileId tile);

// The hashes of a tree of `tree_size` leaves out of its tiles. Trusts them: whoever wants more
// compares tree_root() with a checkpoint. Keeps the tiles it read. Not thread-safe.
class TileHashes final : public HashSource {
 public:
  // `tiles` outlives this.
  TileHashes(TileSource& tiles, std::uint64_t tree_size) : tiles_(tiles), tree_size_(tree_size) {}

  base::Result<Hash> subtree_hash(const Subtree& subtree) override;

 private:
  TileSource& tiles_;
  const std::uint64_t tree_size_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> kept_;
};

}  // namespace sealift::log
