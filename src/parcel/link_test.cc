#include "parcel/link.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

using base::bytes_of;
using crypto::SecretBuffer;

const std::string kText =
    "https://files.example/l/00112233445566778899aabbccddeeff#"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8";

ServerHalf server_half(unsigned char first) {
  std::array<std::byte, 32> bytes{std::byte{first}};
  return ServerHalf::copy_of(bytes);
}

StretchedPassphrase stretched(const Link& link, std::string_view passphrase) {
  auto made = stretch_passphrase(link, SecretBuffer::copy_of(bytes_of(passphrase)));
  EXPECT_TRUE(made.has_value());
  return *std::move(made);
}

base::Bytes identity(const Link& link, unsigned char half, std::string_view passphrase) {
  return base::copy_of(link_identity(link, server_half(half), stretched(link, passphrase)).view());
}

TEST(LinkTest, TextGoesBothWays) {
  const auto link = Link::parse(kText);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->server_url, "https://files.example");
  EXPECT_EQ(link->text(), kText);
  EXPECT_TRUE(Link::parse("http://[::1]:8080" + kText.substr(21)).has_value());
}

TEST(LinkTest, AnythingElseIsRefused) {
  const std::string id = "00112233445566778899aabbccddeeff";
  const std::string secret = kText.substr(kText.find('#'));
  for (const std::string& text : std::vector<std::string>{
           "", "#", kText + "A", kText.substr(0, kText.size() - 1), kText + "#", " " + kText,
           "ftp://files.example/l/" + id + secret, "https:///l/" + id + secret,
           "https://a@files.example/l/" + id + secret, "https://files.example/x/l/" + id + secret,
           "https://files.example/l/" + id + "/" + secret, "https://files.example/l/" + secret,
           "https://files.example/l/" + id.substr(1) + "G" + secret,
           "https://files.example/l/00112233445566778899AABBCCDDEEFF" + secret,
           "https://FILES.example/l/" + id + secret,
           "https://files.example/l/" + id + "?x=1" + secret,
           "https://files.example/l/" + id + "#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv9",
           "https://files.example/l/" + id + "#+AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8"})
    EXPECT_FALSE(Link::parse(text).has_value()) << text;
}

TEST(LinkTest, IdentityNeedsBothHalvesAndThePassphrase) {
  const auto link = Link::parse(kText);
  auto other = Link::parse(kText);
  other->secret.mutable_view()[0] ^= std::byte{1};
  auto elsewhere = Link::parse(kText);
  elsewhere->parcel_id[0] ^= std::byte{1};
  const base::Bytes opened = identity(*link, 1, "");
  EXPECT_EQ(identity(*link, 1, ""), opened);
  EXPECT_NE(identity(*link, 2, ""), opened);
  EXPECT_NE(identity(*other, 1, ""), opened);
  EXPECT_NE(identity(*elsewhere, 1, ""), opened);
  const base::Bytes with_passphrase = identity(*link, 1, "k7dq-9xw2m");
  EXPECT_NE(with_passphrase, opened);
  EXPECT_NE(identity(*link, 1, "k7dq-9xw2n"), with_passphrase);
}

TEST(LinkTest, ProofIsForOneChallengeAndOneLink) {
  const auto link = Link::parse(kText);
  const LinkChallenge challenge{std::byte{1}};
  const LinkChallenge another{std::byte{2}};
  const auto proof = sign_challenge(link_signing_key(*link, {}), challenge);
  EXPECT_TRUE(is_link_proof(link_proof_key(*link, {}), challenge, proof));
  EXPECT_FALSE(is_link_proof(link_proof_key(*link, {}), another, proof));
  auto other = Link::parse(kText);
  other->parcel_id[0] ^= std::byte{1};
  EXPECT_FALSE(is_link_proof(link_proof_key(*other, {}), challenge, proof));
}

TEST(LinkTest, AWrongPassphraseProvesNothing) {
  const auto link = Link::parse(kText);
  const LinkChallenge challenge{std::byte{1}};
  const auto right = link_proof_key(*link, stretched(*link, "amber-canoe"));
  const auto wrong = stretched(*link, "amber-canoes");
  EXPECT_FALSE(
      is_link_proof(right, challenge, sign_challenge(link_signing_key(*link, wrong), challenge)));
  EXPECT_FALSE(
      is_link_proof(right, challenge, sign_challenge(link_signing_key(*link, {}), challenge)));
}

TEST(LinkTest, APassphraseIsTheSameHoweverItIsTyped) {
  const auto link = Link::parse(kText);
  const auto told = link_proof_key(*link, stretched(*link, "amber-canoe-9"));
  for (const std::string_view typed :
       {"Amber Canoe 9", "AMBERCANOE9", " amber \xe2\x80\x93 canoe. 9\n"})
    EXPECT_EQ(link_proof_key(*link, stretched(*link, typed)), told) << typed;
}

}  // namespace
}  // namespace sealift::parcel
