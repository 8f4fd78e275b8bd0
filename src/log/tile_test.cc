#include "log/tile.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/limits.h"
#include "log/internal/journal.h"

namespace sealift::log {
namespace {

TEST(TileTest, PathsAreThoseOfTheSpecification) {
  const std::pair<TileId, std::string_view> cases[] = {
      {{.level = 0, .number = 0}, "tile/0/000"},
      {{.level = 1, .number = 1234067}, "tile/1/x001/x234/067"},
      {{.level = 2, .number = 999, .width = 1}, "tile/2/999.p/1"},
      {{.level = 7, .number = 1000, .width = 255}, "tile/7/x001/000.p/255"},
      {{.kind = TileKind::entries, .number = 273, .width = 112}, "tile/entries/273.p/112"}};
  for (const auto& [tile, path] : cases) {
    EXPECT_EQ(tile_path(tile), path);
    EXPECT_EQ(parse_tile_path(path), tile);
  }
}

TEST(TileTest, OtherSpellingsOfPathsAreRefused) {
  for (const std::string_view path : {"",
                                      "tile",
                                      "tile/",
                                      "tile/0",
                                      "tile/0/",
                                      "tile/0/0",
                                      "tile/0/0000",
                                      "tile/00/000",
                                      "tile/8/000",
                                      "tile/-1/000",
                                      "tile/0/x000/000",
                                      "tile/0/001/000",
                                      "tile/0/x001/x000",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/01",
                                      "tile/0/000.p/",
                                      "tile/0/000.p",
                                      "tile/0/000/",
                                      "/tile/0/000",
                                      "tile/0/../000",
                                      "tile/entry/000",
                                      "tile/entries/00a",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(parse_tile_path(path).has_value()) << path;
  }
}

TEST(TileTest, WidthsAreThoseOfTheSpecificationsExample) {
  const std::uint64_t size = 70000;
  EXPECT_EQ(tile_width(size, {.level = 0, .number = 272}), 256u);
  EXPECT_EQ(tile_width(size, {.level = 0, .number = 273}), 112u);
  EXPECT_EQ(tile_width(size, {.level = 0, .number = 274}), 0u);
  EXPECT_EQ(tile_width(size, {.level = 1, .number = 1}), 17u);
  EXPECT_EQ(tile_width(size, {.level = 2, .number = 0}), 1u);
  EXPECT_EQ(tile_width(256, {.level = 1, .number = 0}), 1u);
}

TEST(TileTest, TilesAndBundlesHaveExactlyTheirWidth) {
  const base::Bytes tile(64);
  EXPECT_TRUE(parse_tile(tile, 2).has_value());
  EXPECT_FALSE(parse_tile(tile, 1).has_value());
  EXPECT_FALSE(parse_tile(tile, 3).has_value());
  EXPECT_FALSE(parse_tile(base::ByteView(tile).first(63), 2).has_value());
  base::Bytes bundle;
  append_to_bundle(bundle, base::bytes_of("ab"));
  append_to_bundle(bundle, {});
  EXPECT_EQ(base::hex_encode(bundle), "000261620000");
  EXPECT_EQ(parse_bundle(bundle, 2)->size(), 2u);
  for (const unsigned width : {0u, 1u, 3u}) EXPECT_FALSE(parse_bundle(bundle, width).has_value());
  for (std::size_t size = 0; size < bundle.size(); ++size)
    EXPECT_FALSE(parse_bundle(base::ByteView(bundle).first(size), 2).has_value()) << size;
}

TEST(TileTest, APartThatIsGoneIsReadFromTheFullBundle) {
  struct FullOnly final : TileSource {
    base::Result<base::Bytes> read(const TileId& tile) override {
      if (tile.width != kTileWidth) return base::fail(base::ErrorCode::not_found, "gone");
      return bundle;
    }
    base::Bytes bundle;
  } tiles;
  base::Bytes first_three;
  for (unsigned i = 0; i < kTileWidth; ++i) {
    append_to_bundle(tiles.bundle, base::bytes_of("entry " + std::to_string(i)));
    if (i == 2) first_three = tiles.bundle;
  }
  EXPECT_EQ(read_bundle(tiles, {.kind = TileKind::entries, .width = 3}).value(), first_three);
  EXPECT_EQ(read_bundle(tiles, {.kind = TileKind::entries}).value(), tiles.bundle);
  tiles.bundle.pop_back();
  EXPECT_FALSE(read_bundle(tiles, {.kind = TileKind::entries, .width = 3}).has_value());
}

TEST(JournalTest, EveryBitFlipIsATornTailOrDamage) {
  const std::vector<base::Bytes> entries{base::Bytes(3), base::Bytes(0)};
  base::Bytes file = internal::encode_frame(5, entries);
  const std::size_t first = file.size();
  base::append(file, internal::encode_frame(7, entries));
  ASSERT_EQ(internal::read_journal(file, 5)->entries.size(), 4u);
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    file[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    const auto journal = internal::read_journal(file, 5);
    if (bit < first * 8) {
      EXPECT_FALSE(journal.has_value()) << bit;
    } else {
      EXPECT_EQ(journal->valid_bytes, first) << bit;
    }
    file[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
}

TEST(JournalTest, AFrameOfNothingOrOfMoreThanATileIsATornTail) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{kTileWidth} + 1}) {
    const base::Bytes frame = internal::encode_frame(0, std::vector<base::Bytes>(count));
    const auto journal = internal::read_journal(frame, 0);
    ASSERT_TRUE(journal.has_value()) << count;
    EXPECT_EQ(journal->valid_bytes, 0U) << count;
  }
}

TEST(JournalTest, FramesOutOfOrderAreDamage) {
  const std::vector<base::Bytes> entries(2);
  const base::Bytes frame = internal::encode_frame(5, entries);
  EXPECT_FALSE(internal::read_journal(frame, 4).has_value());
  base::Bytes twice = frame;
  base::append(twice, frame);
  EXPECT_FALSE(internal::read_journal(twice, 5).has_value());
}

}  // namespace
}  // namespace sealift::log
