#include "extract/request.h"

#include <gtest/gtest.h>

namespace sealift::extract {
namespace {

Request sample() {
  return {Pass::scans, 1ULL << 40, "a/b.zip", {{3, "crashed"}, {9, "hung"}}, {1, 2}};
}

TEST(RequestTest, ARequestComesBackAsItWas) {
  const auto decoded = decode_request(encode_request(sample()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->pass, Pass::scans);
  EXPECT_EQ(decoded->size_bytes, 1ULL << 40);
  EXPECT_EQ(decoded->path, "a/b.zip");
  ASSERT_EQ(decoded->skips.size(), 2U);
  EXPECT_EQ(decoded->skips[1].ordinal, 9U);
  EXPECT_EQ(decoded->skips[1].reason, "hung");
  EXPECT_EQ(decoded->only, (std::vector<std::uint32_t>{1, 2}));
}

TEST(RequestTest, CutShortOrTooLongIsRefused) {
  const base::Bytes bytes = encode_request(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_request(base::ByteView(bytes).first(size))) << size;
  }
  base::Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_request(longer));
}

TEST(RequestTest, UnknownPassesAreRefused) {
  base::Bytes bytes = encode_request(sample());
  for (const int pass : {0, 3, 255}) {
    bytes[0] = static_cast<std::byte>(pass);
    EXPECT_FALSE(decode_request(bytes)) << pass;
  }
}

}  // namespace
}  // namespace sealift::extract
