#include "parcel/directory_key.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

TEST(DirectoryKeyTest, TheTextIsAsTheFormatSays) {
  DirectoryKey key{.generation = 3, .recipient = "age1abc"};
  key.account.fill(std::byte{0xab});
  EXPECT_EQ(directory_key_text(key),
            "sealift/v1/directory-key\n"
            "account abababababababababababababababab\n"
            "generation 3\n"
            "recipient age1abc\n"
            "signing-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
}

TEST(DirectoryKeyTest, AnEndorsementIsOfThisKeyByThatGeneration) {
  crypto::SystemRandom random;
  const auto before = crypto::Ed25519Secret::generate(random);
  const auto other = crypto::Ed25519Secret::generate(random);
  const DirectoryKey key{{std::byte{1}}, 2, "age1abc", other.public_key()};
  const auto endorsement = endorse_directory_key(key, before);
  EXPECT_TRUE(is_endorsed(key, endorsement, before.public_key()));
  EXPECT_FALSE(is_endorsed(key, endorsement, other.public_key()));
  DirectoryKey changed = key;
  changed.generation = 3;
  EXPECT_FALSE(is_endorsed(changed, endorsement, before.public_key()));
  EXPECT_NE(directory_key_digest(changed), directory_key_digest(key));
  changed = key;
  changed.account[0] = std::byte{2};
  EXPECT_FALSE(is_endorsed(changed, endorsement, before.public_key()));
  changed = key;
  changed.recipient = "age1abd";
  EXPECT_FALSE(is_endorsed(changed, endorsement, before.public_key()));
  changed = key;
  changed.signing_key = before.public_key();
  EXPECT_FALSE(is_endorsed(changed, endorsement, before.public_key()));
}

TEST(DirectoryKeyTest, ACountersignatureIsOfThisKeyAndOfWhatEndorsesTheNextOne) {
  crypto::SystemRandom random;
  const auto endorsing = crypto::Ed25519Secret::generate(random);
  const auto next = crypto::Ed25519Secret::generate(random).public_key();
  const DirectoryKey key{{std::byte{1}}, 2, "age1abc", next};
  const auto signature = countersign_directory_key(key, next, endorsing);
  EXPECT_TRUE(is_countersigned(key, next, signature, endorsing.public_key()));
  EXPECT_FALSE(is_countersigned(key, next, signature, next));
  EXPECT_FALSE(is_countersigned(key, endorsing.public_key(), signature, endorsing.public_key()))
      << "another key endorses from then on";
  EXPECT_FALSE(is_endorsed(key, signature, endorsing.public_key())) << "a label of its own";
  EXPECT_FALSE(
      is_countersigned(key, next, endorse_directory_key(key, endorsing), endorsing.public_key()));
  DirectoryKey changed = key;
  changed.recipient = "age1abd";
  EXPECT_FALSE(is_countersigned(changed, next, signature, endorsing.public_key()));
}

}  // namespace
}  // namespace sealift::parcel
