#include "base/units.h"

#include <gtest/gtest.h>

namespace sealift::base {
namespace {

using namespace std::chrono_literals;

TEST(UnitsTest, SizesAsPeopleWriteThem) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  EXPECT_EQ(parse_bytes("1"), 1u);
  EXPECT_EQ(parse_bytes("500000"), 500'000u);
  EXPECT_EQ(parse_bytes("10G"), 10 * kGiB);
  EXPECT_EQ(parse_bytes("10GB"), 10 * kGiB);
  EXPECT_EQ(parse_bytes("10GiB"), 10 * kGiB);
  EXPECT_EQ(parse_bytes("10g"), 10 * kGiB);
  EXPECT_EQ(parse_bytes("64K"), 65'536u);
  EXPECT_EQ(parse_bytes("2M"), 2'097'152u);
  EXPECT_EQ(parse_bytes("3T"), 3 * 1024 * kGiB);
  EXPECT_EQ(parse_bytes("12B"), 12u);
  EXPECT_EQ(parse_bytes("9223372036854775807"), (std::uint64_t{1} << 63) - 1);
}

TEST(UnitsTest, WhatIsNoSizeIsRefused) {
  for (const char* text :
       {"", "0", "0G", "-1", "+1", "1.5G", "G", "GB", "1iB", "1 G", "1GG", "1KM", "01", "1X", "1Gi",
        "9223372036854775808", "8388608T", "18446744073709551616", "\xd9\xa1"}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, DurationsAsPeopleWriteThem) {
  EXPECT_EQ(parse_duration("1s"), 1s);
  EXPECT_EQ(parse_duration("90m"), 90min);
  EXPECT_EQ(parse_duration("36h"), 36h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("2w"), 336h);
  EXPECT_EQ(parse_duration("1y"), 8760h);
  EXPECT_EQ(parse_duration("100y"), 876'000h);
}

TEST(UnitsTest, WhatIsNoDurationIsRefused) {
  for (const char* text : {"", "d", "7", "0d", "-7d", "7 d", "1.5d", "7D", "7dd", "101y", "07d",
                           "18446744073709551616s", "9223372036854775807w"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sealift::base
