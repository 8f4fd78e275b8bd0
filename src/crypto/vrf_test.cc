#include "crypto/vrf.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "crypto/random.h"

namespace sealift::crypto {
namespace {

template <std::size_t N>
std::array<std::byte, N> hex(std::string_view text) {
  const auto bytes = base::hex_decode(text);
  std::array<std::byte, N> out{};
  if (bytes && bytes->size() == N) std::ranges::copy(*bytes, out.begin());
  return out;
}

// The vector of c2sp.org/vrf-r255 (C2SP, CC BY 4.0).
constexpr std::string_view kInput = "c2sp.org/vrf-r255";
const VrfSecret kSecret = *VrfSecret::from_scalar(
    hex<32>("3431c2b03533e280b23232e280b34e2c3132c2b03238e280b23131e280b34500"));
const VrfProof kProof = hex<80>(
    "0a97d961262fb549b4175c5117860f42ae44a123f93c476c439eddd1c0cff926"
    "5c805525233e2284dbed45e593b8eea31d5ca9734d72bcbba9738d5237f955f3"
    "b2422351149d1312503b6441a47c940c");
const VrfOutput kOutput =
    hex<32>("dd653f0879b48c3ef69e13551239bec4cbcc1c18fe8894de2e9e1c790e182736");

TEST(VrfTest, TheSpecificationsVectorHolds) {
  EXPECT_EQ(kSecret.public_key(),
            hex<32>("54136cd90d99fbd1d4e855d9556efea87ba0337f2a6ce22028d0f5726fcb854e"));
  EXPECT_EQ(kSecret.prove(base::bytes_of(kInput)), kProof);
  EXPECT_EQ(kSecret.output(base::bytes_of(kInput)), kOutput);
  EXPECT_EQ(vrf_output(kProof), kOutput);
  EXPECT_EQ(vrf_verify(kSecret.public_key(), base::bytes_of(kInput), kProof), kOutput);
}

TEST(VrfTest, EveryFlippedBitOfAProofIsRefused) {
  for (std::size_t bit = 0; bit < kVrfProofSize * 8; ++bit) {
    VrfProof changed = kProof;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_EQ(vrf_verify(kSecret.public_key(), base::bytes_of(kInput), changed), std::nullopt)
        << bit;
  }
}

TEST(VrfTest, AScalarPlusTheOrderIsRefused) {
  // s + q is the same scalar in another spelling: it would make one proof two.
  const auto order = hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  VrfProof changed = kProof;
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::byte& at = changed[kVrfProofSize - 32 + i];
    carry += std::to_integer<unsigned>(at) + std::to_integer<unsigned>(order[i]);
    at = static_cast<std::byte>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
  EXPECT_EQ(vrf_verify(kSecret.public_key(), base::bytes_of(kInput), changed), std::nullopt);
  EXPECT_FALSE(VrfSecret::from_scalar(order).has_value());
  EXPECT_FALSE(VrfSecret::from_scalar(hex<32>("")).has_value()) << "zero";
}

TEST(VrfTest, TheIdentityAsKeyIsRefused) {
  // With it everything has a proof: c and s with U = sB, V = sH - c Gamma are freely chosen.
  EXPECT_EQ(vrf_verify(VrfPublic{}, base::bytes_of(kInput), kProof), std::nullopt);
}

TEST(VrfTest, AProofIsOfItsKeyAndItsInput) {
  SystemRandom random;
  const VrfSecret other = VrfSecret::from_uniform(random.array<64>());
  EXPECT_EQ(vrf_verify(other.public_key(), base::bytes_of(kInput), kProof), std::nullopt);
  EXPECT_EQ(vrf_verify(kSecret.public_key(), base::bytes_of("c2sp.org/vrf-r256"), kProof),
            std::nullopt);
  for (const std::string_view input : {"", "a", "marie.tremblay@example.org"}) {
    const VrfProof proof = other.prove(base::bytes_of(input));
    EXPECT_EQ(vrf_verify(other.public_key(), base::bytes_of(input), proof),
              other.output(base::bytes_of(input)));
  }
}

TEST(VrfTest, BytesThatAreNoElementAreRefused) {
  VrfPublic key = kSecret.public_key();
  key[0] ^= std::byte{1};  // negative, so not an encoding
  EXPECT_EQ(vrf_verify(key, base::bytes_of(kInput), kProof), std::nullopt);
  key.fill(std::byte{0xff});
  EXPECT_EQ(vrf_verify(key, base::bytes_of(kInput), kProof), std::nullopt);
}

}  // namespace
}  // namespace sealift::crypto
