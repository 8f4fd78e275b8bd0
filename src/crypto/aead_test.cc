#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <array>

#include "base/hex.h"

namespace sealift::crypto {
namespace {

using base::Bytes;
using base::bytes_of;
using base::ByteView;

template <std::size_t N>
std::array<std::byte, N> from_hex(std::string_view text) {
  const Bytes bytes = base::hex_decode(text).value();
  std::array<std::byte, N> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

// RFC 8439 section 2.8.2.
const auto rfc_key =
    from_hex<32>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
const auto rfc_nonce = from_hex<12>("070000004041424344454647");
const Bytes rfc_associated = base::hex_decode("50515253c0c1c2c3c4c5c6c7").value();
constexpr std::string_view kPlain =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";
constexpr std::string_view kSealed =
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
    "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
    "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
    "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";

TEST(AeadTest, AgreesWithTheStandard) {
  const Bytes sealed = aead_seal(rfc_key, rfc_nonce, bytes_of(kPlain), rfc_associated);
  EXPECT_EQ(base::hex_encode(sealed), kSealed);
  const auto plain = aead_open(rfc_key, rfc_nonce, sealed, rfc_associated);
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(base::text_of(plain->view()), kPlain);
}

TEST(AeadTest, AnyChangedBitIsRefused) {
  const Bytes sealed = aead_seal(rfc_key, rfc_nonce, bytes_of(kPlain), rfc_associated);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(aead_open(rfc_key, rfc_nonce, changed, rfc_associated).has_value()) << i;
  }
  EXPECT_FALSE(aead_open(rfc_key, rfc_nonce, sealed).has_value());
  EXPECT_FALSE(aead_open(rfc_key, rfc_nonce, ByteView(sealed).first(15)).has_value());
  EXPECT_FALSE(aead_open(rfc_key, rfc_nonce, {}).has_value());
}

TEST(AeadTest, EmptyMessageHasATag) {
  const Bytes sealed = aead_seal(rfc_key, rfc_nonce, {});
  ASSERT_EQ(sealed.size(), kAeadTagSize);
  EXPECT_TRUE(aead_open(rfc_key, rfc_nonce, sealed)->empty());
}

TEST(AeadTest, OneObjectSealsAndOpensInAnyOrderAndInPlace) {
  Aead aead(rfc_key);
  for (unsigned round = 0; round < 8; ++round) {
    auto nonce = rfc_nonce;
    nonce[11] = static_cast<std::byte>(round / 2);
    Bytes text(100 + round, static_cast<std::byte>(round));
    const Bytes plain = text;
    std::array<std::byte, kAeadTagSize> tag;
    aead.seal(nonce, text, text, tag);
    Bytes expected = aead_seal(rfc_key, nonce, plain);
    EXPECT_TRUE(std::equal(text.begin(), text.end(), expected.begin()));
    EXPECT_TRUE(aead.open(nonce, text, tag, text));
    EXPECT_EQ(text, plain);
    tag[0] ^= std::byte{1};
    EXPECT_FALSE(aead.open(nonce, text, tag, text));
    EXPECT_EQ(text, Bytes(text.size())) << "a refused plaintext is wiped";
  }
}

TEST(AeadTest, RefusedInPlaceIsTheCiphertextAgain) {
  Aead aead(rfc_key);
  Bytes text = base::copy_of(bytes_of(kPlain));
  std::array<std::byte, kAeadTagSize> tag;
  aead.seal(rfc_nonce, text, text, tag, rfc_associated);
  const Bytes sealed = text;
  auto wrong = tag;
  wrong[15] ^= std::byte{1};
  EXPECT_FALSE(aead.open_in_place(rfc_nonce, text, wrong, rfc_associated));
  EXPECT_EQ(text, sealed);
  EXPECT_FALSE(aead.open_in_place(rfc_nonce, text, tag));
  EXPECT_EQ(text, sealed);
  EXPECT_TRUE(aead.open_in_place(rfc_nonce, text, tag, rfc_associated));
  EXPECT_EQ(base::text_of(text), kPlain);
}

TEST(AeadTest, SetKeyChangesTheKey) {
  Aead aead(rfc_key);
  auto other = rfc_key;
  other[31] ^= std::byte{1};
  aead.set_key(other);
  Bytes text(16);
  std::array<std::byte, kAeadTagSize> tag;
  aead.seal(rfc_nonce, text, text, tag);
  EXPECT_FALSE(Aead(rfc_key).open(rfc_nonce, text, tag, text));
}

}  // namespace
}  // namespace sealift::crypto
