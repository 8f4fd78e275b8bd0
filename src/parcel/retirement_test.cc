#include "parcel/retirement.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::parcel {
namespace {

crypto::Ed25519Secret secret_of(unsigned char fill) {
  std::array<std::byte, 32> seed;
  seed.fill(std::byte{fill});
  return crypto::Ed25519Secret::from_seed(seed);
}

DirectoryKey key_of(const crypto::Ed25519Secret& signing) {
  DirectoryKey key{
      .generation = 2, .recipient = "age1example", .signing_key = signing.public_key()};
  key.account.fill(std::byte{7});
  return key;
}

log::TreeHead head() {
  log::TreeHead seen{.size = 300};
  seen.root.fill(std::byte{9});
  return seen;
}

TEST(RetirementTest, SaysWhereEarlierKeysEnd) {
  const auto signing = secret_of(1);
  const DirectoryKey key = key_of(signing);
  EXPECT_EQ(read_retirement(key, sign_retirement(key, head(), signing)), head());
}

// Computed with OpenSSL's Ed25519, not with this code.
TEST(RetirementTest, TheWorkedExampleHolds) {
  const auto signing = secret_of(1);
  EXPECT_EQ(base::hex_encode(sign_retirement(key_of(signing), head(), signing)),
            "000000000000012c0909090909090909090909090909090909090909090909090909090909090909"
            "56cea733172402ee57b2d8ab982420fbf5f7bc3edad6708b99ad4ff61767312477c9cb5b40e971ca"
            "0a1474fb79838e112a3e70db599d980d7c533dbff8c23f02");
}

TEST(RetirementTest, WhateverIsChangedIsNotSigned) {
  const auto signing = secret_of(1);
  const DirectoryKey key = key_of(signing);
  const RetirementBytes good = sign_retirement(key, head(), signing);
  for (std::size_t at = 0; at < good.size(); ++at) {
    RetirementBytes bad = good;
    bad[at] ^= std::byte{1};
    EXPECT_EQ(read_retirement(key, bad), std::nullopt) << at;
  }
  DirectoryKey other = key;
  other.generation = 3;
  EXPECT_EQ(read_retirement(other, good), std::nullopt);
  EXPECT_EQ(read_retirement(key, sign_retirement(key, head(), secret_of(2))), std::nullopt)
      << "the key that was replaced moves no end";
}

}  // namespace
}  // namespace sealift::parcel
