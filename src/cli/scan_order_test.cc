#include "cli/scan_order.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sealift::cli {
namespace {

std::vector<extract::InputFile> pile(std::size_t small, std::size_t large) {
  std::vector<extract::InputFile> files;
  for (std::size_t i = 0; i < small; ++i) {
    const std::string name = "a/" + std::to_string(1000 + i) + (i % 5 == 0 ? ".csv" : ".pdf");
    files.push_back({name, name, 1000 + i});
  }
  for (std::size_t i = 0; i < large; ++i) {
    const std::string name = "b/" + std::to_string(1000 + i) + ".zip";
    files.push_back({name, name, 1'000'000 * (1 + i % 7)});
  }
  return files;
}

TEST(ScanOrderTest, EveryFileIsReadOnce) {
  std::vector<extract::InputFile> files = pile(700, 30);
  std::vector<extract::InputFile> ordered = in_scan_order(files);
  ASSERT_EQ(ordered.size(), files.size());
  std::ranges::sort(ordered, {}, &extract::InputFile::path);
  for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ(ordered[i].path, files[i].path);
}

TEST(ScanOrderTest, SmallTablesFromAllOverThePileComeFirstThenTheLargest) {
  const std::vector<extract::InputFile> ordered = in_scan_order(pile(700, 30));
  EXPECT_EQ(ordered.front().path, "a/1000.csv");
  EXPECT_EQ(cost_hint(ordered[63].path), "csv");
  EXPECT_GT(ordered[63].path, "a/1600");  // evenly, so the end of the pile is looked at too
  EXPECT_EQ(cost_hint(ordered[64].path), "pdf");
  EXPECT_EQ(ordered[128].size_bytes, 7'000'000U);
  EXPECT_TRUE(std::ranges::is_sorted(ordered.begin() + 128, ordered.end(), std::ranges::greater(),
                                     &extract::InputFile::size_bytes));
}

TEST(ScanOrderTest, HintIsTheEndOfTheNameAlone) {
  EXPECT_EQ(cost_hint("a/b.CSV"), "csv");
  EXPECT_EQ(cost_hint("a.b/c"), "");
  EXPECT_EQ(cost_hint("README"), "");
  EXPECT_EQ(cost_hint("a.longerthaneight"), "");
  EXPECT_EQ(cost_hint(""), "");
}

TEST(ScanOrderTest, AnEmptyPileHasNoOrder) { EXPECT_TRUE(in_scan_order({}).empty()); }

}  // namespace
}  // namespace sealift::cli
