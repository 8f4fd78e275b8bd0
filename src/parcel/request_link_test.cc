#include "parcel/request_link.h"

#include <gtest/gtest.h>

#include "parcel/link.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;

struct Made {
  crypto::SystemRandom random;
  crypto::Ed25519Secret requester = crypto::Ed25519Secret::generate(random);
  RequestIdBytes id = random.array<16>();
  RequestSecret secret = request_secret(requester, id);

  RequestLink link() {
    RequestLink link;
    link.server_url = "https://files.example.org:8443";
    link.request_id = id;
    link.secret = secret.clone();
    link.fingerprint = recipient_fingerprint("age1example");
    return link;
  }
};

TEST(RequestLinkTest, TextIsReadBack) {
  Made made;
  const std::string text = made.link().text();
  const auto read = RequestLink::parse(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text(), text);
  EXPECT_EQ(read->fingerprint, recipient_fingerprint("age1example"));
}

TEST(RequestLinkTest, AnythingElseIsRefusedWithoutRepeatingIt) {
  Made made;
  const std::string good = made.link().text();
  const std::string id(32, '0');
  for (const std::string& bad :
       {std::string(), good.substr(1), good + "A", good.substr(0, good.size() - 1),
        good.substr(0, good.find('.')), good.substr(0, good.find('#')),
        "https://h/l/" + id + good.substr(good.find('#')),
        "ftp://h/r/" + id + good.substr(good.find('#')),
        "https://h /r/" + id + good.substr(good.find('#')),
        "https://h/r/" + id.substr(1) + good.substr(good.find('#')),
        "https://h/r/" + std::string(32, 'G') + good.substr(good.find('#'))}) {
    const auto read = RequestLink::parse(bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().code, ErrorCode::malformed);
    EXPECT_EQ(read.error().text, "this is not a link to a file request");
  }
}

TEST(RequestLinkTest, WhoeverAskedFindsTheSecretAgainAndNobodyElse) {
  Made made;
  const auto again = request_secret(made.requester, made.id);
  EXPECT_TRUE(crypto::equal(again.view(), made.secret.view()));
  const auto other = request_secret(crypto::Ed25519Secret::generate(made.random), made.id);
  EXPECT_FALSE(crypto::equal(other.view(), made.secret.view()));
  const auto other_id = request_secret(made.requester, made.random.array<16>());
  EXPECT_FALSE(crypto::equal(other_id.view(), made.secret.view()));
}

TEST(RequestLinkTest, TitleOpensWithItsOwnSecretAlone) {
  Made made;
  base::Bytes sealed = seal_title(made.secret, made.id, "Dossiers, été 2026");
  EXPECT_EQ(open_title(made.secret, made.id, sealed).value(), "Dossiers, été 2026");
  EXPECT_EQ(open_title(made.random.secret<32>(), made.id, sealed).error().code, ErrorCode::damaged);
  sealed[0] ^= std::byte{1};
  EXPECT_EQ(open_title(made.secret, made.id, sealed).error().code, ErrorCode::damaged);
  EXPECT_EQ(open_title(made.secret, made.id, base::Bytes(15)).error().code, ErrorCode::malformed);
  EXPECT_EQ(open_title(made.secret, made.id, seal_title(made.secret, made.id, "\xff")).error().code,
            ErrorCode::malformed);
}

TEST(RequestLinkTest, ProofIsOfTheChallengeAndTheSecret) {
  Made made;
  const LinkChallenge challenge = made.random.array<32>();
  const auto key = request_proof_key(made.secret, made.id);
  const auto proof = sign_challenge(key, challenge);
  EXPECT_TRUE(is_link_proof(key.public_key(), challenge, proof));
  EXPECT_FALSE(is_link_proof(key.public_key(), made.random.array<32>(), proof));
}

}  // namespace
}  // namespace sealift::parcel
