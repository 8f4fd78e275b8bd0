#include "age/format/bech32.h"

#include <gtest/gtest.h>

#include <array>

#include "base/hex.h"
#include "crypto/random.h"

namespace sealift::age {
namespace {

using base::Bytes;

// 32 bytes of 0x42, encoded by another implementation.
constexpr std::string_view kSecret =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

TEST(Bech32Test, KeyOfAnotherImplementationRoundTrips) {
  Bytes secret(32);
  ASSERT_TRUE(bech32_decode(kSecret, "AGE-SECRET-KEY-", secret));
  EXPECT_EQ(base::hex_encode(secret),
            "4242424242424242424242424242424242424242424242424242424242424242");
  EXPECT_EQ(bech32_encode("AGE-SECRET-KEY-", secret), kSecret);
}

TEST(Bech32Test, EverySizeRoundTripsInBothCases) {
  crypto::SystemRandom random;
  for (std::size_t size = 0; size <= 1300; size += size < 40 ? 1 : 97) {
    Bytes data(size);
    random.fill(data);
    for (const std::string_view prefix : {"age", "AGE-SECRET-KEY-PQ-"}) {
      Bytes decoded(size);
      ASSERT_TRUE(bech32_decode(bech32_encode(prefix, data), prefix, decoded)) << size;
      EXPECT_EQ(decoded, data);
    }
  }
}

TEST(Bech32Test, AnyChangedCharacterIsRefusedAndLeavesNothing) {
  for (std::size_t at = 0; at < kSecret.size(); ++at) {
    for (const char c : {'Q', 'P', '1', 'B', 'q', ' ', '\0'}) {
      std::string changed(kSecret);
      if (changed[at] == c) continue;
      changed[at] = c;
      Bytes out(32, std::byte{0x55});
      EXPECT_FALSE(bech32_decode(changed, "AGE-SECRET-KEY-", out)) << changed;
      EXPECT_EQ(out, Bytes(32));
    }
  }
}

TEST(Bech32Test, OtherSizesAndPrefixesAreRefused) {
  Bytes out(31);
  EXPECT_FALSE(bech32_decode(kSecret, "AGE-SECRET-KEY-", out));
  out.resize(33);
  EXPECT_FALSE(bech32_decode(kSecret, "AGE-SECRET-KEY-", out));
  out.resize(32);
  EXPECT_FALSE(bech32_decode(kSecret, "AGE-SECRET-", out));
  EXPECT_FALSE(bech32_decode(kSecret, "age-secret-key-", out));
  EXPECT_FALSE(bech32_decode("", "age", out));
  EXPECT_FALSE(bech32_decode("age1", "age", out));
  EXPECT_FALSE(bech32_decode(std::string(kSecret) + "Q", "AGE-SECRET-KEY-", out));
}

TEST(Bech32Test, SpareBitsMustBeZero) {
  // one byte is 8 bits in two groups: two spare bits
  Bytes out(1);
  const std::string good = bech32_encode("age", Bytes{std::byte{0}});
  ASSERT_TRUE(bech32_decode(good, "age", out));
  int accepted = 0;
  constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  for (const char last_group : kAlphabet) {
    for (std::size_t checksum = 0; checksum < 32; ++checksum) {
      std::string text = good;
      text[5] = last_group;
      text.back() = kAlphabet[checksum];
      accepted += bech32_decode(text, "age", out) ? 1 : 0;
    }
  }
  EXPECT_EQ(accepted, 1);
}

}  // namespace
}  // namespace sealift::age
