#include "parcel/padme.h"

#include <gtest/gtest.h>

#include <set>

namespace sealift::parcel {
namespace {

TEST(PadmeTest, SizesOfThePaper) {
  EXPECT_EQ(padme_size(0), 0u);
  EXPECT_EQ(padme_size(1), 1u);
  EXPECT_EQ(padme_size(9), 10u);
  EXPECT_EQ(padme_size(1000), 1024u);
  EXPECT_EQ(padme_size(1'000'000), 1'015'808u);
}

TEST(PadmeTest, NeverSmallerAndAtMostAnEighthMore) {
  for (std::uint64_t size = 1; size < (std::uint64_t{1} << 62); size += size / 7 + 1) {
    const std::uint64_t padded = padme_size(size);
    EXPECT_GE(padded, size);
    EXPECT_LE(padded - size, size / 8) << size;
    EXPECT_EQ(padme_size(padded), padded) << size;
  }
}

TEST(PadmeTest, FewSizesRemain) {
  std::set<std::uint64_t> padded;
  for (std::uint64_t size = 1 << 20; size < (2 << 20); size += 101) padded.insert(padme_size(size));
  EXPECT_LE(padded.size(), 33u);
}

}  // namespace
}  // namespace sealift::parcel
