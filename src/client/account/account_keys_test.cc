// Keys files, slots, paper keys and what unlocks them: docs/formats/account.md.
#include "client/account/account_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/said_for_test.h"
#include "client/account/paper_key.h"
#include "client/account/unlocking.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

const parcel::Address kAddress = parcel::Address::parse("marie.tremblay@example.org").value();

constexpr std::string_view kKeysFile =
    "# sealift account keys v1\n"
    "# address marie.tremblay@example.org\n"
    "# generation 1\n"
    "# signing-key "
    "SEALIFT-SIGNING-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SJNKGU9\n"
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n";

std::string text_of(const age::Identity& identity) {
  return std::string(base::text_of(identity.text().view()));
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kKeysFile);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(UnlockingTest, PasswordGivesTheKeysOfTheFormatsPage) {
  parcel::LoginParameters parameters;
  for (std::size_t i = 0; i < parameters.salt.size(); ++i)
    parameters.salt[i] = static_cast<std::byte>(i);
  const auto keys =
      unlock_with_password(base::bytes_of("correct horse battery staple"), parameters, kAddress);
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(base::hex_encode(keys->authentication_key.view()),
            "9a87d2ea378235dd28632ffbfe9dc74e3dd3cc65f85672f174ce88e2c5c6236a");
  EXPECT_EQ(text_of(keys->slot_identity),
            "AGE-SECRET-KEY-13DWQ363KJJCKAX5CDQS2WPHNCCFKZLEY64PVFVGHLSEAVSXMM99SQFMAZP");
}

TEST(UnlockingTest, PaperKeyGivesTheKeysOfTheFormatsPage) {
  const auto key = PaperKey::parse("SEALIFTPAPER1-ZQG3-YYC5-Z5TP-WXQE-RGD3-C8G7-RU2H-8NWY");
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(base::hex_encode(key->bytes().view()), "101112131415161718191a1b1c1d1e1f");
  const auto keys = unlock_with_paper_key(*key, kAddress);
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(base::hex_encode(keys->authentication_key.view()),
            "9820619485fe2e02fd33b6ca9360d29558825c591b75b4ccc060a9cde7c24c02");
  EXPECT_EQ(text_of(keys->slot_identity),
            "AGE-SECRET-KEY-19WRHNV7ZMY47FZUR9DXCANCF87G8XQQL5H9EF74TEUPGAXKC9HSQRE8SAY");
}

TEST(UnlockingTest, AnotherAddressHasOtherKeys) {
  crypto::SystemRandom random;
  const PaperKey key = PaperKey::generate(random);
  const auto one = unlock_with_paper_key(key, kAddress);
  const auto other = unlock_with_paper_key(key, *parcel::Address::parse("a@example.org"));
  EXPECT_FALSE(crypto::equal(one->authentication_key.view(), other->authentication_key.view()));
  EXPECT_NE(text_of(one->slot_identity), text_of(other->slot_identity));
}

TEST(UnlockingTest, AnEmptyPasswordIsNone) {
  EXPECT_FALSE(unlock_with_password({}, {}, kAddress).has_value());
}

TEST(PaperKeyTest, IsReadHoweverItIsTyped) {
  crypto::SystemRandom random;
  const PaperKey key = PaperKey::generate(random);
  const auto text = key.text();
  const std::string printed(base::text_of(text.view()));
  EXPECT_THAT(printed, testing::MatchesRegex("SEALIFTPAPER1(-[0-9A-Z]{4}){8}"));
  std::string lower, spaced;
  for (const char c : printed) {
    lower.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    spaced += c == '-' ? " \n" : std::string(1, c);
  }
  for (const std::string& typed : {printed, lower, spaced}) {
    const auto read = PaperKey::parse(typed);
    ASSERT_TRUE(read.has_value()) << typed;
    EXPECT_TRUE(crypto::equal(read->bytes().view(), key.bytes().view()));
  }
}

TEST(PaperKeyTest, EveryMistypedCharacterIsFound) {
  const std::string good = "SEALIFTPAPER1-ZQG3-YYC5-Z5TP-WXQE-RGD3-C8G7-RU2H-8NWY";
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i] == '-') continue;
    std::string typed = good;
    typed[i] = typed[i] == 'Q' ? 'P' : 'Q';
    EXPECT_FALSE(PaperKey::parse(typed).has_value()) << typed;
    typed.erase(i, 1);
    EXPECT_FALSE(PaperKey::parse(typed).has_value()) << typed;
  }
  for (const std::string& typed :
       {std::string(), std::string("AGE-SECRET-KEY-1QQ"), std::string(100'000, 'Q'), good + "Q"})
    EXPECT_FALSE(PaperKey::parse(typed).has_value());
}

TEST(AccountKeysTest, KeysFileIsTheOneOfTheFormatsPage) {
  const auto keys = AccountKeys::parse(base::bytes_of(kKeysFile));
  ASSERT_TRUE(keys.has_value()) << keys.error().text;
  EXPECT_EQ(keys->address, kAddress);
  EXPECT_EQ(keys->generation, 1U);
  const auto file = keys->keys_file();
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(base::text_of(file->view()), kKeysFile);
}

// The generation before one whose keys are those of the page.
constexpr std::string_view kFormer =
    "# former-signing-key "
    "SEALIFT-SIGNING-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SJNKGU9\n"
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n";

TEST(AccountKeysTest, FormerKeysAreKeptNewestFirst) {
  crypto::SystemRandom random;
  const auto first = AccountKeys::generate(kAddress, random).value();
  const auto second = first.next(random).value();
  auto third = second.next(random).value();
  EXPECT_EQ(third.generation, 3U);
  const auto text = third.keys_file().value();
  const auto read = AccountKeys::parse(text.view());
  ASSERT_TRUE(read.has_value()) << read.error().text;
  EXPECT_EQ(base::text_of(read->keys_file().value().view()), base::text_of(text.view()));
  EXPECT_EQ(read->signing_keys(), (std::vector<crypto::Ed25519Public>{third.signing.public_key(),
                                                                      second.signing.public_key(),
                                                                      first.signing.public_key()}));
  EXPECT_EQ(read->signing_of(1).public_key(), first.signing.public_key());
  EXPECT_EQ(read->signing_of(3).public_key(), third.signing.public_key());
  ASSERT_EQ(read->identities().value().size(), 3U);
  EXPECT_EQ(read->identities().value().back().recipient().value().text(),
            first.recipient().value());
  third.former.front().identity.reset();
  third.endorsing = crypto::Ed25519Secret::generate(random);
  const auto erased = AccountKeys::parse(third.keys_file().value().view());
  ASSERT_TRUE(erased.has_value()) << erased.error().text;
  EXPECT_EQ(erased->identities().value().size(), 2U);
  EXPECT_EQ(erased->endorsing->public_key(), third.endorsing->public_key());
  EXPECT_FALSE(AccountKeys::parse(
                   base::bytes_of(std::string(base::text_of(text.view())) + std::string(kFormer)))
                   .has_value())
      << "more former keys than generations";
}

TEST(AccountKeysTest, ThePaperKeysEndorsingKeyIsNoneOfItsOthers) {
  crypto::SystemRandom random;
  const PaperKey paper = PaperKey::generate(random);
  const auto endorsing = endorsing_key(paper, kAddress);
  const auto other = endorsing_key(paper, *parcel::Address::parse("a@example.org"));
  EXPECT_EQ(endorsing.public_key(), endorsing_key(paper, kAddress).public_key());
  EXPECT_NE(endorsing.public_key(), other.public_key());
  EXPECT_FALSE(crypto::equal(endorsing.seed().view(),
                             unlock_with_paper_key(paper, kAddress)->authentication_key.view()));
}

TEST(AccountKeysTest, RefusesWhatIsNotAKeysFile) {
  const std::string whole(kKeysFile);
  const std::vector<std::string> refused = {
      "",
      whole.substr(0, whole.size() - 1),
      whole + "\n",
      whole + "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n",
      replaced("# address marie.tremblay@example.org\n", ""),
      replaced("marie.tremblay@", "Marie.Tremblay@"),
      replaced("marie.tremblay@", "marie tremblay@"),
      replaced("generation 1", "generation 01"),
      replaced("generation 1", "generation 0"),
      replaced("generation 1", "generation 1000001"),
      replaced("generation 1", "generation -1"),
      replaced("0SJNKGU9", "0SJNKGU8"),
      replaced("SEALIFT-SIGNING-KEY-1QQQ", "sealift-signing-key-1qqq"),
      replaced("PQ4EGAEX", "PQ4EGAEQ"),
      replaced("# generation 1\n", "# generation 1\r\n"),
      replaced("keys v1", "keys v1 "),
      replaced("keys v1", "keys v2"),
      whole + std::string(kFormer),
  };
  for (const std::string& text : refused)
    EXPECT_FALSE(AccountKeys::parse(base::bytes_of(text)).has_value()) << text;
  const auto later = AccountKeys::parse(base::bytes_of(replaced("keys v1", "keys v3")));
  ASSERT_FALSE(later.has_value());
  EXPECT_EQ(base::said(later), "unsupported: account keys of another version");
}

class SlotTest : public testing::Test {
 protected:
  base::Bytes seal(const AccountKeys& keys) {
    const age::Recipient recipient = owner_.recipient().value();
    return seal_slot(keys, std::span(&recipient, 1), random_).value();
  }

  crypto::SystemRandom random_;
  AccountKeys keys_ = AccountKeys::generate(kAddress, random_).value();
  age::Identity owner_ = age::Identity::generate(age::KeyKind::x25519, random_).value();
};

TEST_F(SlotTest, OpensWithWhatItWasSealedTo) {
  const auto opened = open_slot(seal(keys_), owner_, kAddress);
  ASSERT_TRUE(opened.has_value()) << opened.error().text;
  EXPECT_EQ(opened->recipient().value(), keys_.recipient().value());
  EXPECT_EQ(opened->signing.public_key(), keys_.signing.public_key());
}

TEST_F(SlotTest, DoesNotOpenWithAnythingElse) {
  const auto other = age::Identity::generate(age::KeyKind::x25519, random_).value();
  const auto opened = open_slot(seal(keys_), other, kAddress);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(base::said(opened), "no_match: none of the identities opens the file");
}

TEST_F(SlotTest, OfAnotherAddressIsRefused) {
  const auto opened = open_slot(seal(keys_), owner_, *parcel::Address::parse("a@example.org"));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(base::said(opened), "damaged: the slot holds another account's keys");
}

TEST_F(SlotTest, EveryChangedOrMissingByteIsFound) {
  const base::Bytes whole = seal(keys_);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    base::Bytes changed = whole;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(open_slot(changed, owner_, kAddress).has_value()) << i;
    EXPECT_FALSE(open_slot(base::ByteView(whole).first(i), owner_, kAddress).has_value()) << i;
  }
}

}  // namespace
}  // namespace sealift::client
