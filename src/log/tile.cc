#include "log/tile.h"

#include <algorithm>
#include <charconv>

#include "base/byte_reader.h"
#include "base/check.h"
#include "base/limits.h"

namespace sealift::log {

using base::ByteView;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kTileFolder = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr std::size_t kTilesKeptMax = 64;

std::string three_digits(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string number_path(std::uint64_t number) {
  std::string path = three_digits(number % 1000);
  for (number /= 1000; number != 0; number /= 1000)
    path.insert(0, "x" + three_digits(number % 1000) + "/");
  return path;
}

std::optional<unsigned> parse_small(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What stands before the first `mark`, which is taken off `rest` with it.
std::optional<std::string_view> cut(std::string_view& rest, std::string_view mark) {
  const std::size_t at = rest.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + mark.size());
  return before;
}

// Only its digits matter here: parse_tile_path() compares the whole spelling.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c == 'x' || c == '/') continue;
    if (c < '0' || c > '9' || number > limits::kLogTreeSizeMax / 10) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

std::string tile_path(const TileId& tile) {
  std::string path(kTileFolder);
  path += tile.kind == TileKind::entries ? std::string(kEntries) : std::to_string(tile.level);
  path += "/" + number_path(tile.number);
  if (tile.width != kTileWidth) path += std::string(kPartial) + std::to_string(tile.width);
  return path;
}

std::optional<TileId> parse_tile_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with(kTileFolder)) return std::nullopt;
  path.remove_prefix(kTileFolder.size());
  const auto level_text = cut(path, "/");
  if (!level_text) return std::nullopt;
  TileId tile;
  if (*level_text == kEntries) {
    tile.kind = TileKind::entries;
  } else {
    const auto level = parse_small(*level_text);
    if (!level || *level >= kTileLevels) return std::nullopt;
    tile.level = *level;
  }
  if (const auto number_text = cut(path, kPartial)) {
    const auto width = parse_small(path);
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = *width;
    path = *number_text;
  }
  const auto number = parse_number(path);
  if (!number) return std::nullopt;
  tile.number = *number;
  if (tile_path(tile) != whole) return std::nullopt;  // another spelling of it
  return tile;
}

std::uint64_t level_size(std::uint64_t tree_size, unsigned level) {
  return tree_size >> (kTileHeight * level);
}

unsigned tile_width(std::uint64_t tree_size, const TileId& tile) {
  const std::uint64_t hashes = level_size(tree_size, tile.level);
  const std::uint64_t full_tiles = hashes / kTileWidth;
  if (tile.number < full_tiles) return kTileWidth;
  return tile.number == full_tiles ? static_cast<unsigned>(hashes % kTileWidth) : 0;
}

base::Bytes encode_tile(std::span<const Hash> hashes) {
  base::Bytes bytes;
  bytes.reserve(hashes.size() * crypto::kSha256Size);
  for (const Hash& hash : hashes) base::append(bytes, hash);
  return bytes;
}

Result<std::vector<Hash>> parse_tile(ByteView bytes, unsigned width) {
  if (bytes.size() != width * crypto::kSha256Size)
    return base::fail(ErrorCode::malformed, "a tile of another width");
  std::vector<Hash> hashes(width);
  for (unsigned i = 0; i < width; ++i) {
    std::ranges::copy(bytes.subspan(i * crypto::kSha256Size, crypto::kSha256Size),
                      hashes[i].begin());
  }
  return hashes;
}

void append_to_bundle(base::Bytes& bundle, ByteView entry) {
  SEALIFT_CHECK(entry.size() <= limits::kLogEntrySizeMax);
  bundle.push_back(static_cast<std::byte>(entry.size() >> 8));
  bundle.push_back(static_cast<std::byte>(entry.size() & 0xff));
  base::append(bundle, entry);
}

Result<std::vector<ByteView>> parse_bundle(ByteView bytes, unsigned width) {
  base::ByteReader in(bytes);
  std::vector<ByteView> entries;
  while (entries.size() < width) {
    const auto length = in.u16_be();
    const auto entry = length ? in.take(*length) : std::nullopt;
    if (!entry) return base::fail(ErrorCode::malformed, "an entry bundle is cut short");
    entries.push_back(*entry);
  }
  if (!in.at_end()) return base::fail(ErrorCode::malformed, "an entry bundle is too long");
  return entries;
}

namespace {

// The file at the tile's path or, once that is gone, the full one, which `tile` then names.
Result<base::Bytes> read_part_or_full(TileSource& tiles, TileId& tile) {
  auto bytes = tiles.read(tile);
  if (bytes || bytes.error().code != ErrorCode::not_found || tile.width == kTileWidth) return bytes;
  tile.width = kTileWidth;
  return tiles.read(tile);
}

}  // namespace

Result<std::vector<Hash>> read_hashes(TileSource& tiles, TileId tile) {
  const unsigned width = tile.width;
  SEALIFT_TRY(const base::Bytes bytes, read_part_or_full(tiles, tile));
  SEALIFT_TRY(std::vector<Hash> hashes, parse_tile(bytes, tile.width));
  hashes.resize(width);
  return hashes;
}

Result<base::Bytes> read_bundle(TileSource& tiles, TileId tile) {
  const unsigned width = tile.width;
  SEALIFT_TRY(base::Bytes bytes, read_part_or_full(tiles, tile));
  if (tile.width == width) return bytes;
  SEALIFT_TRY(const auto entries, parse_bundle(bytes, tile.width));
  base::Bytes part;
  for (const ByteView entry : std::span(entries).first(width)) append_to_bundle(part, entry);
  return part;
}

Result<Hash> TileHashes::subtree_hash(const Subtree& subtree) {
  const unsigned level = subtree.height / kTileHeight;
  const unsigned above = subtree.height % kTileHeight;  // this many rows above the tile's hashes
  const std::uint64_t first = subtree.index << above;
  TileId tile{.level = level, .number = first / kTileWidth};
  tile.width = tile_width(tree_size_, tile);
  const std::size_t at = first % kTileWidth;
  const std::size_t count = std::size_t{1} << above;
  SEALIFT_CHECK(at + count <= tile.width);
  const auto key = std::pair(level, tile.number);
  auto kept = kept_.find(key);
  if (kept == kept_.end()) {
    SEALIFT_TRY(std::vector<Hash> hashes, read_hashes(tiles_, tile));
    if (kept_.size() >= kTilesKeptMax) kept_.clear();
    kept = kept_.emplace(key, std::move(hashes)).first;
  }
  return perfect_root(std::span(kept->second).subspan(at, count));
}

}  // namespace sealift::log
