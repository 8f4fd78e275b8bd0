// Sealing to recipients and opening with identities, as pairs.
#include "age/open/open_header.h"

#include <gtest/gtest.h>

#include "age/seal/seal_header.h"
#include "base/limits.h"
#include "crypto/mlkem768.h"

namespace sealift::age {
namespace {

using base::bytes_of;
using base::ErrorCode;
using crypto::SecretBuffer;

class OpenHeaderTest : public testing::Test {
 protected:
  std::optional<OpenFailure> failure(const Header& header, const Identity& identity) {
    const auto opened = open_header(header, std::span(&identity, 1));
    if (opened) {
      EXPECT_TRUE(crypto::equal(opened->view(), file_key_.view()));
      return std::nullopt;
    }
    return opened.error().failure;
  }

  Header sealed_to(const Recipient& recipient) {
    return seal_header(file_key_, std::span(&recipient, 1), random_).value();
  }

  static Identity passphrase(std::string_view text) {
    return Identity::passphrase(
        [text](PassphraseFor) { return SecretBuffer::copy_of(bytes_of(text)); }, 18);
  }

  crypto::SystemRandom random_;
  FileKey file_key_ = random_.secret<kFileKeySize>();
};

TEST_F(OpenHeaderTest, EachKindOfKeyOpensItsOwnAndNoOther) {
  for (const KeyKind kind : {KeyKind::x25519, KeyKind::post_quantum}) {
    const Identity identity = Identity::generate(kind, random_).value();
    const Identity other = Identity::generate(kind, random_).value();
    const Header header = sealed_to(identity.recipient().value());
    EXPECT_EQ(failure(header, identity), std::nullopt);
    EXPECT_EQ(failure(header, other), OpenFailure::no_match);
  }
}

TEST_F(OpenHeaderTest, TextFormsRoundTrip) {
  for (const KeyKind kind : {KeyKind::x25519, KeyKind::post_quantum}) {
    const Identity identity = Identity::generate(kind, random_).value();
    const SecretBuffer text = identity.text();
    const Identity again = Identity::parse(base::text_of(text.view())).value();
    EXPECT_TRUE(crypto::equal(again.text().view(), text.view()));
    const std::string recipient = identity.recipient().value().text();
    EXPECT_EQ(Recipient::parse(recipient).value().text(), recipient);
    EXPECT_EQ(failure(sealed_to(Recipient::parse(recipient).value()), again), std::nullopt);
  }
}

TEST_F(OpenHeaderTest, PassphraseOpensWhatItSealed) {
  const Header header = sealed_to(Recipient::passphrase(SecretBuffer::copy_of(bytes_of("a")), 10));
  EXPECT_EQ(failure(header, passphrase("a")), std::nullopt);
  EXPECT_EQ(failure(header, passphrase("b")), OpenFailure::no_match);
}

TEST_F(OpenHeaderTest, PassphraseIsNotAskedForUntilAFileNeedsIt) {
  const Identity key = Identity::generate(KeyKind::x25519, random_).value();
  const Identity never = Identity::passphrase(
      [](PassphraseFor) -> base::Result<SecretBuffer> {
        return base::fail(ErrorCode::usage, "asked");
      },
      18);
  EXPECT_EQ(failure(sealed_to(key.recipient().value()), never), OpenFailure::no_match);
  const Header header = sealed_to(Recipient::passphrase(SecretBuffer::copy_of(bytes_of("a")), 10));
  EXPECT_EQ(failure(header, never), OpenFailure::other);
}

TEST_F(OpenHeaderTest, WorkFactorPastTheLimitIsRefusedBeforeAnythingIsComputed) {
  const Header header = sealed_to(Recipient::passphrase(SecretBuffer::copy_of(bytes_of("a")), 10));
  const Identity identity =
      Identity::passphrase([](PassphraseFor) { return SecretBuffer::copy_of(bytes_of("a")); }, 9);
  const auto opened = open_header(header, std::span(&identity, 1));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().failure, OpenFailure::header);
  EXPECT_EQ(opened.error().error.code, ErrorCode::limit);
}

TEST_F(OpenHeaderTest, NewHeaderForTheSameFileKeyOpensForTheNewRecipient) {
  const Identity first = Identity::generate(KeyKind::x25519, random_).value();
  const Identity second = Identity::generate(KeyKind::x25519, random_).value();
  const Header before = sealed_to(first.recipient().value());
  const FileKey file_key = open_header(before, std::span(&first, 1)).value();
  std::vector<Recipient> recipients;
  recipients.push_back(first.recipient().value());
  recipients.push_back(second.recipient().value());
  const Header after = seal_header(file_key, recipients, random_).value();
  EXPECT_EQ(after.stanzas().size(), 2u);
  EXPECT_EQ(failure(after, first), std::nullopt);
  EXPECT_EQ(failure(after, second), std::nullopt);
  EXPECT_EQ(failure(before, second), OpenFailure::no_match);
}

TEST_F(OpenHeaderTest, FamiliesAreNotMixedWhenSealing) {
  std::vector<Recipient> recipients;
  EXPECT_EQ(seal_header(file_key_, recipients, random_).error().code, ErrorCode::usage);
  recipients.push_back(Identity::generate(KeyKind::x25519, random_)->recipient().value());
  EXPECT_TRUE(seal_header(file_key_, recipients, random_));
  recipients.push_back(Identity::generate(KeyKind::post_quantum, random_)->recipient().value());
  EXPECT_EQ(seal_header(file_key_, recipients, random_).error().code, ErrorCode::usage);
  recipients.pop_back();
  recipients.push_back(Recipient::passphrase(SecretBuffer::copy_of(bytes_of("a")), 1));
  EXPECT_EQ(seal_header(file_key_, recipients, random_).error().code, ErrorCode::usage);
  recipients.erase(recipients.begin());
  recipients.push_back(Recipient::passphrase(SecretBuffer::copy_of(bytes_of("b")), 1));
  EXPECT_EQ(seal_header(file_key_, recipients, random_).error().code, ErrorCode::usage);
}

TEST_F(OpenHeaderTest, HeaderChangedAfterwardsIsNotCalledNoMatch) {
  const Identity identity = Identity::generate(KeyKind::x25519, random_).value();
  const Header header = sealed_to(identity.recipient().value());
  std::string text(base::text_of(header.encoded()));
  text.insert(text.find("---"), "-> added\n\n");
  EXPECT_EQ(failure(Header::parse(bytes_of(text)).value(), identity), OpenFailure::hmac);
}

TEST(IdentityTest, OtherTextsAreRefused) {
  for (const std::string_view text :
       {"", "age1", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "not a key",
        "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex"}) {
    EXPECT_EQ(Identity::parse(text).error().code, ErrorCode::malformed) << text;
  }
  EXPECT_EQ(Identity::parse("AGE-PLUGIN-YUBIKEY-1QQQ").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace sealift::age
