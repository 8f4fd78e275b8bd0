#include "parcel/officer_set.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

using base::ErrorCode;

SetOfficer officer(unsigned char which) {
  SetOfficer made{.account = {},
                  .recipient = "age1officer" + std::to_string(which),
                  .address = *Address::parse("officer" + std::to_string(which) + "@example.org")};
  made.account.fill(std::byte{which});
  return made;
}

class OfficerSetTest : public testing::Test {
 protected:
  log::VerifierKey key() const { return organisation_key("sealift-abc", secret_.public_key()); }
  std::string signed_set(const OfficerSet& set) const { return *sign_officer_set(set, secret_); }
  // What somebody else's program signed with the organisation's key.
  ErrorCode code_of(const std::string& text) const {
    const auto opened = open_officer_set(log::sign_note(text, key().name(), secret_), key());
    return opened ? ErrorCode::internal : opened.error().code;
  }

  crypto::SystemRandom random_;
  const crypto::Ed25519Secret secret_ = crypto::Ed25519Secret::generate(random_);
  const OfficerSet set_{"sealift-abc", 3, 2, {officer(1), officer(2), officer(3)}};
  const std::string text_ =
      "sealift-officers/v1\n"
      "sealift-abc\n"
      "number 3\n"
      "needed 2\n"
      "officer 01010101010101010101010101010101 age1officer1 officer1@example.org\n"
      "officer 02020202020202020202020202020202 age1officer2 officer2@example.org\n"
      "officer 03030303030303030303030303030303 age1officer3 officer3@example.org\n";
};

TEST_F(OfficerSetTest, WhatIsSignedComesBack) {
  const std::string note = signed_set(set_);
  EXPECT_TRUE(note.starts_with(text_)) << note;
  const auto opened = open_officer_set(note, key());
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_EQ(*opened, set_);
}

TEST_F(OfficerSetTest, AnotherKeyOrAnyOtherByteIsRefused) {
  const std::string note = signed_set(set_);
  const auto other = crypto::Ed25519Secret::generate(random_);
  EXPECT_EQ(
      open_officer_set(note, organisation_key("sealift-abc", other.public_key())).error().code,
      ErrorCode::no_match);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto opened = open_officer_set(changed, key());
    EXPECT_FALSE(opened && *opened == set_) << i;
  }
}

TEST_F(OfficerSetTest, ASetOfAnotherServerIsRefused) {
  const log::VerifierKey elsewhere = organisation_key("sealift-def", secret_.public_key());
  EXPECT_EQ(
      open_officer_set(log::sign_note(text_, elsewhere.name(), secret_), elsewhere).error().code,
      ErrorCode::damaged);
}

TEST_F(OfficerSetTest, WhatIsNoSetIsRefusedThoughItIsSigned) {
  ASSERT_EQ(code_of(text_), ErrorCode::internal) << "this one is";
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = text_;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::string second = "officer 0202";
  for (const std::string& text :
       {with("officers/v1", "officers/v2"), with("number 3", "number 03"),
        with("number 3", "number 0"), with("needed 2", "needed 1"), with("needed 2", "needed 4"),
        with("needed 2", "needed -2"), with("sealift-abc\n", ""), with("officer 01", "officer 1"),
        with("officer 01", "Officer 01"), with("age1officer2", "age1officer1"),
        with("officer2@example.org", "no address"),
        with("officer2@example.org", "Officer2@example.org"), with("0303 age1", "0303  age1"),
        text_ + "more\n", text_.substr(0, text_.find(second)),
        text_.substr(0, text_.find("officer 01"))})
    EXPECT_NE(code_of(text), ErrorCode::internal) << text;
  std::string twice = text_;
  const std::size_t at = twice.find("02020202020202020202020202020202");
  twice.replace(at, 32, "01010101010101010101010101010101");
  EXPECT_NE(code_of(twice), ErrorCode::internal) << "one account twice";
}

TEST_F(OfficerSetTest, OnlySetsThatDoTheirWorkAreSigned) {
  const auto refuses = [&](OfficerSet set) {
    const auto note = sign_officer_set(set, secret_);
    return !note && note.error().code == ErrorCode::usage;
  };
  EXPECT_TRUE(refuses({"sealift-abc", 1, 2, {officer(1)}}));
  EXPECT_TRUE(refuses({"sealift-abc", 1, 1, {officer(1), officer(2)}}));
  EXPECT_TRUE(refuses({"sealift-abc", 1, 3, {officer(1), officer(2)}}));
  EXPECT_TRUE(refuses({"sealift-abc", 1, 2, {officer(1), officer(1)}}));
  EXPECT_TRUE(refuses({"sealift-abc", 0, 2, {officer(1), officer(2)}}));
  OfficerSet many{"sealift-abc", 1, 2, {}};
  for (unsigned char i = 1; i <= 33; ++i) many.officers.push_back(officer(i));
  EXPECT_TRUE(refuses(many));
  many.officers.pop_back();
  EXPECT_FALSE(refuses(many));
}

}  // namespace
}  // namespace sealift::parcel
