#include "crypto/x25519.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::crypto {
namespace {

std::array<std::byte, 32> array_of(std::string_view hex) {
  const base::Bytes bytes = base::hex_decode(hex).value();
  std::array<std::byte, 32> result;
  std::ranges::copy(bytes, result.begin());
  return result;
}

// Any 32 bytes are a secret.
constexpr std::string_view kSecret =
    "77076d0a7318a57d3c16c17251b26645df4c2f92ebc099ac0e1f9b0d9f4a0e1a";

TEST(X25519Test, BothSidesAgree) {
  const auto ours = X25519Secret::copy_of(array_of(kSecret));
  const auto theirs = X25519Secret::copy_of(
      array_of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  const auto one = x25519(ours, x25519_public(theirs));
  const auto other = x25519(theirs, x25519_public(ours));
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(equal(one->view(), other->view()));
}

TEST(X25519Test, PublicKeyAndSharedSecretOfTheRfc) {
  const auto secret = X25519Secret::copy_of(
      array_of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  EXPECT_EQ(base::hex_encode(x25519_public(secret)),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const auto shared =
      x25519(secret, array_of("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
  ASSERT_TRUE(shared);
  EXPECT_EQ(base::hex_encode(shared->view()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(X25519Test, PointsOfSmallOrderGiveNothing) {
  const auto secret = X25519Secret::copy_of(array_of(kSecret));
  for (const std::string_view point :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"}) {
    EXPECT_FALSE(x25519(secret, array_of(point))) << point;
  }
}

}  // namespace
}  // namespace sealift::crypto
