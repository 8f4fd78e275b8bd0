#include "server/vault/vault_keys.h"

#include <gtest/gtest.h>

namespace sealift::server::vault {
namespace {

using base::bytes_of;

class VaultKeysTest : public testing::Test {
 protected:
  static VaultKeys keys(std::byte first) {
    std::array<std::byte, 32> root{};
    root[0] = first;
    return VaultKeys(crypto::SecretBytes<32>::copy_of(root));
  }
  crypto::SystemRandom random_;
  const VaultKeys keys_ = keys(std::byte{1});
  const base::UnixTime now_{std::chrono::hours(500'000)};
};

TEST_F(VaultKeysTest, WrappedBytesOpenForTheirPurposeAndSubjectAlone) {
  const auto wrapped = keys_.wrap(WrapFor::slot, bytes_of("row"), bytes_of("secret"), random_);
  const auto opened = keys_.unwrap(WrapFor::slot, bytes_of("row"), wrapped);
  ASSERT_TRUE(opened);
  EXPECT_EQ(base::text_of(opened->view()), "secret");
  EXPECT_FALSE(keys_.unwrap(WrapFor::verifier, bytes_of("row"), wrapped));
  EXPECT_FALSE(keys_.unwrap(WrapFor::slot, bytes_of("other"), wrapped));
  EXPECT_FALSE(keys(std::byte{2}).unwrap(WrapFor::slot, bytes_of("row"), wrapped));
}

TEST_F(VaultKeysTest, EveryChangedOrMissingByteOfWrappedBytesShows) {
  const auto wrapped = keys_.wrap(WrapFor::mail, {}, bytes_of("secret"), random_);
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    auto changed = wrapped;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(keys_.unwrap(WrapFor::mail, {}, changed)) << i;
    EXPECT_FALSE(keys_.unwrap(WrapFor::mail, {}, base::ByteView(wrapped).first(i))) << i;
  }
}

TEST_F(VaultKeysTest, TheSameBytesAreNeverWrappedTheSameWayTwice) {
  EXPECT_NE(keys_.wrap(WrapFor::slot, {}, bytes_of("a"), random_),
            keys_.wrap(WrapFor::slot, {}, bytes_of("a"), random_));
}

TEST_F(VaultKeysTest, ChallengesAreGoodForTheirPurposeSubjectAndTime) {
  const auto made = keys_.challenge(ChallengeFor::link, bytes_of("parcel"), now_);
  const auto is_good = [&](ChallengeFor purpose, std::string_view subject, base::UnixTime at) {
    return keys_.is_good(made, purpose, bytes_of(subject), at);
  };
  EXPECT_TRUE(is_good(ChallengeFor::link, "parcel", now_));
  EXPECT_TRUE(is_good(ChallengeFor::link, "parcel", now_ + kChallengeLifetime));
  EXPECT_FALSE(is_good(ChallengeFor::link, "parcel",
                       now_ + kChallengeLifetime + std::chrono::milliseconds(1)));
  EXPECT_FALSE(is_good(ChallengeFor::link, "parcel", now_ - std::chrono::milliseconds(1)));
  EXPECT_FALSE(is_good(ChallengeFor::request, "parcel", now_));
  EXPECT_FALSE(is_good(ChallengeFor::link, "other", now_));
  for (std::size_t i = 0; i < made.size(); ++i) {
    auto changed = made;
    changed.at(i) ^= std::byte{1};
    EXPECT_FALSE(keys_.is_good(changed, ChallengeFor::link, bytes_of("parcel"), now_)) << i;
  }
}

TEST_F(VaultKeysTest, TokensAreKnownByTheirHash) {
  const Token token = make_token(random_);
  EXPECT_EQ(token.text.size(), kTokenTextSize);
  EXPECT_EQ(hash_of_token(token.text), token.hash);
  EXPECT_NE(make_token(random_).hash, token.hash);
  for (const std::string& wrong :
       {std::string(), token.text + "A", token.text.substr(1), std::string(43, '+'),
        std::string(43, 'z'), std::string(42, 'A') + "="}) {
    EXPECT_FALSE(hash_of_token(wrong)) << wrong;
  }
}

TEST_F(VaultKeysTest, LookupsDifferByUseAndKey) {
  EXPECT_EQ(keys_.address_lookup("a@b.example"), keys_.address_lookup("a@b.example"));
  EXPECT_NE(keys_.address_lookup("a@b.example"), keys(std::byte{2}).address_lookup("a@b.example"));
  EXPECT_NE(keys_.address_lookup("a@b.example").bytes,
            keys_.verifier_lookup(bytes_of("a@b.example")).bytes);
  EXPECT_NE(keys_.delay_key(catalog::DelayKind::link, {}),
            keys_.delay_key(catalog::DelayKind::request, {}));
  EXPECT_NE(keys_.decoy("a", bytes_of("b")), keys_.decoy("ab", {}));
}

}  // namespace
}  // namespace sealift::server::vault
