#include "server/vault/byte_ranges.h"

#include <gtest/gtest.h>

namespace sealift::server::vault {
namespace {

TEST(ByteRangesTest, RangesThatTouchOrOverlapBecomeOne) {
  ByteRanges ranges;
  ranges.add(10, 20);
  ranges.add(30, 40);
  EXPECT_EQ(ranges.count(), 2U);
  EXPECT_EQ(ranges.end_from(0), 0U) << "a gap";
  EXPECT_EQ(ranges.end_from(10), 20U);
  ranges.add(20, 30);
  EXPECT_EQ(ranges.count(), 1U);
  EXPECT_EQ(ranges.end_from(15), 40U);
  ranges.add(0, 100);
  EXPECT_EQ(ranges.count(), 1U);
  EXPECT_EQ(ranges.end_from(0), 100U);
  EXPECT_EQ(ranges.end_from(100), 100U);
}

TEST(ByteRangesTest, NeighboursDontOverlap) {
  ByteRanges ranges;
  ranges.add(10, 20);
  EXPECT_FALSE(ranges.overlap(0, 10));
  EXPECT_FALSE(ranges.overlap(20, 30));
  EXPECT_TRUE(ranges.overlap(0, 11));
  EXPECT_TRUE(ranges.overlap(19, 30));
  EXPECT_TRUE(ranges.overlap(12, 13));
  EXPECT_TRUE(ranges.overlap(0, 100));
}

}  // namespace
}  // namespace sealift::server::vault
