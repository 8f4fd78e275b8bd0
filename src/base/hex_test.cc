#include "base/hex.h"

#include <gtest/gtest.h>

namespace sealift::base {
namespace {

TEST(HexTest, GoesBothWays) {
  const Bytes bytes{std::byte{0x00}, std::byte{0x7f}, std::byte{0xff}};
  EXPECT_EQ(hex_encode(bytes), "007fff");
  EXPECT_EQ(hex_decode("007fff"), bytes);
}

TEST(HexTest, AnythingElseIsRefused) {
  for (const std::string_view text : {"0", "0g", "FF", " 00", "0x00"})
    EXPECT_FALSE(hex_decode(text).has_value()) << text;
}

}  // namespace
}  // namespace sealift::base
