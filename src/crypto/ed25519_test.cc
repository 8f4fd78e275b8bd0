#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::crypto {
namespace {

using base::bytes_of;

template <std::size_t N>
std::array<std::byte, N> array_of(std::string_view hex) {
  const base::Bytes bytes = base::hex_decode(hex).value();
  std::array<std::byte, N> result;
  std::ranges::copy(bytes, result.begin());
  return result;
}

// RFC 8032 section 7.1, test 2
constexpr std::string_view kSeed =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view kPublic =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

TEST(Ed25519Test, SignatureOfTheRfc) {
  const auto key = Ed25519Secret::from_seed(array_of<32>(kSeed));
  EXPECT_EQ(base::hex_encode(key.public_key()), kPublic);
  const auto signature = key.sign(bytes_of("r"));  // 0x72
  EXPECT_EQ(base::hex_encode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(ed25519_verify(key.public_key(), bytes_of("r"), signature));
}

TEST(Ed25519Test, AnyChangeIsRefused) {
  const auto key = Ed25519Secret::from_seed(array_of<32>(kSeed));
  const auto signature = key.sign(bytes_of("message"));
  EXPECT_FALSE(ed25519_verify(key.public_key(), bytes_of("messagf"), signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto changed = signature;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(ed25519_verify(key.public_key(), bytes_of("message"), changed)) << i;
  }
  EXPECT_FALSE(ed25519_verify(Ed25519Public{}, bytes_of("message"), signature));
}

TEST(Ed25519Test, ConvertedKeysBelongTogether) {
  SystemRandom random;
  const auto key = Ed25519Secret::generate(random);
  const auto converted = ed25519_to_x25519(key.public_key());
  ASSERT_TRUE(converted);
  EXPECT_EQ(x25519_public(key.to_x25519()), *converted);
  EXPECT_EQ(Ed25519Secret::from_seed(key.seed().view()).public_key(), key.public_key());
}

TEST(Ed25519Test, PointsOfSmallOrderAreNotConverted) {
  EXPECT_FALSE(ed25519_to_x25519(Ed25519Public{}));
  EXPECT_FALSE(ed25519_to_x25519(
      array_of<32>("0100000000000000000000000000000000000000000000000000000000000000")));
}

}  // namespace
}  // namespace sealift::crypto
