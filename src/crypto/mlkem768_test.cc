#include "crypto/mlkem768.h"

#include <gtest/gtest.h>

#include "base/byte_reader.h"
#include "base/hex.h"
#include "crypto/sha3.h"
#include "crypto/xwing.h"

namespace sealift::crypto {
namespace {

using base::Bytes;

class MlKem768Test : public testing::Test {
 protected:
  void SetUp() override {
    if (!mlkem768_available()) GTEST_SKIP() << "this build has no ML-KEM";
  }
};

template <std::size_t N>
std::span<const std::byte, N> take(base::ByteReader& reader) {
  return std::span<const std::byte, N>(reader.take(N)->data(), N);
}

template <std::size_t N>
SecretBytes<N> take_secret(base::ByteReader& reader) {
  return SecretBytes<N>::copy_of(take<N>(reader));
}

// The accumulated test of C2SP/CCTV (ML-KEM): keys, messages and random ciphertexts from one
// SHAKE128 stream; one hash over everything that comes out of `rounds` rounds.
std::string accumulated_hash(std::size_t rounds) {
  Bytes stream(rounds * (kMlKem768SeedSize + 32 + kMlKem768CiphertextSize));
  shake128({}, stream);
  base::ByteReader random(stream);
  Bytes results;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto seed = take_secret<kMlKem768SeedSize>(random);
    const MlKem768Public key = mlkem768_public(seed);
    base::append(results, key);
    const auto sent = mlkem768_encapsulate(key, take_secret<32>(random));
    EXPECT_TRUE(sent);
    base::append(results, sent->ciphertext);
    base::append(results, sent->shared.view());
    EXPECT_TRUE(equal(mlkem768_decapsulate(seed, sent->ciphertext).view(), sent->shared.view()));
    const auto noise = take<kMlKem768CiphertextSize>(random);
    base::append(results, mlkem768_decapsulate(seed, noise).view());
  }
  std::array<std::byte, 32> digest;
  shake128(results, digest);
  return base::hex_encode(digest);
}

TEST_F(MlKem768Test, TenThousandRoundsGiveTheHashOfOtherImplementations) {
  EXPECT_EQ(accumulated_hash(100),
            "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415");
  EXPECT_EQ(accumulated_hash(10000),
            "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc");
}

TEST_F(MlKem768Test, KeysWithACoefficientPastTheModulusAreRefused) {
  SystemRandom random;
  const MlKem768Public good = mlkem768_public(random.secret<kMlKem768SeedSize>());
  ASSERT_TRUE(mlkem768_is_public(good));
  for (const std::size_t at : {std::size_t{0}, std::size_t{300}, kMlKem768PublicSize - 35}) {
    MlKem768Public low = good;  // the lower of two coefficients becomes 3329
    low[at] = std::byte{0x01};
    low[at + 1] = (low[at + 1] & std::byte{0xf0}) | std::byte{0x0d};
    EXPECT_FALSE(mlkem768_is_public(low)) << at;
    EXPECT_FALSE(mlkem768_encapsulate(low, random.secret<32>())) << at;
    MlKem768Public high = good;  // the upper one becomes 3329
    high[at + 1] = (high[at + 1] & std::byte{0x0f}) | std::byte{0x10};
    high[at + 2] = std::byte{0xd0};
    EXPECT_FALSE(mlkem768_is_public(high)) << at;
  }
}

TEST_F(MlKem768Test, XWingAgreesAndRefusesSharesOfSmallOrder) {
  SystemRandom random;
  const XWingSecret secret = random.secret<32>();
  const XWingPublic key = xwing_public(secret);
  const auto sent = xwing_encapsulate(key, random);
  ASSERT_TRUE(sent);
  const auto received = xwing_decapsulate(secret, sent->ciphertext);
  ASSERT_TRUE(received);
  EXPECT_TRUE(equal(received->view(), sent->shared.view()));

  XWingCiphertext changed = sent->ciphertext;
  changed[0] ^= std::byte{1};
  const auto other = xwing_decapsulate(secret, changed);
  ASSERT_TRUE(other);
  EXPECT_FALSE(equal(other->view(), sent->shared.view()));

  XWingCiphertext small_order = sent->ciphertext;
  std::ranges::fill(std::span(small_order).last<32>(), std::byte{0});
  EXPECT_FALSE(xwing_decapsulate(secret, small_order));

  XWingPublic small_order_key = key;
  std::ranges::fill(std::span(small_order_key).last<32>(), std::byte{0});
  EXPECT_FALSE(xwing_encapsulate(small_order_key, random));
}

}  // namespace
}  // namespace sealift::crypto
