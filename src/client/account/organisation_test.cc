#include "client/account/organisation.h"

#include <gtest/gtest.h>

#include "client/account/key_finder.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

class OrganisationTest : public testing::Test {
 protected:
  static Officer officer(unsigned char which) {
    Officer made{.account = {}, .recipient = "age1officer" + std::to_string(which)};
    made.account.bytes.fill(std::byte{which});
    return made;
  }
  std::string signed_set(std::uint64_t number, std::vector<unsigned char> officers,
                         std::uint64_t needed = 2) const {
    parcel::OfficerSet set{"sealift-abc", number, needed, {}};
    for (const unsigned char which : officers)
      set.officers.push_back(
          {officer(which).account.bytes, officer(which).recipient,
           *parcel::Address::parse("officer" + std::to_string(which) + "@example.org")});
    return *parcel::sign_officer_set(set, secret_.secret());
  }
  std::string key_of(const OrganisationKey& key) const {
    return parcel::organisation_key("sealift-abc", key.secret().public_key()).text();
  }
  base::Result<std::optional<Organisation>> judge(std::optional<std::string> set,
                                                  std::string_view named = "") const {
    return judge_organisation({key_of(secret_), std::move(set)}, pins_, named);
  }
  std::string digits(const std::string& key) const {
    return *parse_fingerprint(fingerprint_text(key));
  }
  void expect_lie(const base::Result<std::optional<Organisation>>& judged) {
    ASSERT_FALSE(judged.has_value());
    EXPECT_EQ(judged.error().code, ErrorCode::damaged) << judged.error().text;
  }

  crypto::SystemRandom random_;
  const OrganisationKey secret_ = OrganisationKey::generate(random_);
  const OrganisationKey other_ = OrganisationKey::generate(random_);
  Pins pins_;
};

TEST_F(OrganisationTest, TheKeyIsReadBackHoweverItWasTyped) {
  const auto text = secret_.text();
  const std::string printed(base::text_of(text.view()));
  ASSERT_TRUE(printed.starts_with("SEALIFT-ORGANISATION-1")) << printed;
  std::string small = printed;
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::string grouped = printed;
  for (std::size_t at = 30; at < grouped.size(); at += 6) grouped.insert(at, at % 4 ? " " : "-\n");
  for (const std::string& typed :
       {printed, small, grouped, "# of the organisation\n" + printed + "\n"}) {
    const auto key = OrganisationKey::parse(typed);
    ASSERT_TRUE(key.has_value()) << typed;
    EXPECT_EQ(key->secret().public_key(), secret_.secret().public_key());
  }
  std::string wrong = printed;
  wrong.back() = wrong.back() == 'Q' ? 'P' : 'Q';
  for (const std::string& typed : {wrong, std::string(), printed.substr(0, 40)})
    EXPECT_EQ(OrganisationKey::parse(typed).error().code, ErrorCode::malformed) << typed;
}

TEST_F(OrganisationTest, WithoutAKeyNothingIsJudged) {
  const auto judged = judge_organisation({}, pins_, "");
  ASSERT_TRUE(judged.has_value());
  EXPECT_FALSE(judged->has_value());
  EXPECT_EQ(signed_officers(*judged, {officer(1)}).size(), 1);
  EXPECT_EQ(threshold_of(*judged, 2), 2);
}

TEST_F(OrganisationTest, AKeyThatNobodyKnowsIsToldAndNotKnown) {
  const auto judged = judge(signed_set(1, {1, 2}));
  ASSERT_TRUE(judged.has_value()) << judged.error().text;
  EXPECT_FALSE((*judged)->is_known);
}

TEST_F(OrganisationTest, AKeyThatALinkNamesIsKnown) {
  const std::string fingerprint = digits(key_of(secret_));
  const auto judged = judge(signed_set(1, {1, 2}), fingerprint);
  ASSERT_TRUE(judged.has_value()) << judged.error().text;
  EXPECT_TRUE((*judged)->is_known);
  expect_lie(judge(signed_set(1, {1, 2}), digits(key_of(other_))));
  expect_lie(judge_organisation({}, pins_, fingerprint));
}

TEST_F(OrganisationTest, OnlyOfficersWithTheKeysThatWereSignedGetShares) {
  const auto judged = judge(signed_set(1, {1, 2, 3}, 3)).value();
  Officer with_other_keys = officer(2);
  with_other_keys.recipient = "age1thief";
  Officer another_account = officer(9);
  another_account.recipient = officer(1).recipient;
  const auto left = signed_officers(
      judged, {officer(1), with_other_keys, officer(3), officer(4), another_account});
  EXPECT_EQ(recipients_of(left), recipients_of({officer(1), officer(3)}));
  EXPECT_EQ(threshold_of(judged, 2), 3) << "the set asks for more than the server";
  EXPECT_EQ(threshold_of(judged, 5), 5);
  const auto unsigned_yet = judge(std::nullopt).value();
  EXPECT_TRUE(signed_officers(unsigned_yet, {officer(1)}).empty());
}

TEST_F(OrganisationTest, WhatTheServerSaysOfOnesOwnRecoveryIsLeftToTheSigned) {
  const auto judged = judge(signed_set(1, {1, 2})).value();
  api::OwnRecovery own{.threshold = 1};
  for (const unsigned char which : std::vector<unsigned char>{1, 5, 2}) {
    api::DirectoryEntry entry{};
    entry.account = officer(which).account;
    entry.key.recipient = officer(which).recipient;
    own.officers.push_back(entry);
  }
  keep_signed(judged, own);
  ASSERT_EQ(own.officers.size(), 2);
  EXPECT_EQ(own.officers[1].account, officer(2).account);
  EXPECT_EQ(own.threshold, 2);
}

TEST_F(OrganisationTest, WhatWasSeenIsNotTakenBack) {
  const std::string first = signed_set(1, {1, 2});
  const std::string second = signed_set(2, {2, 3});
  pin_organisation(pins_, *judge(second).value());
  EXPECT_TRUE(judge(second).value()->is_known);
  EXPECT_TRUE(judge(signed_set(3, {1, 3})).has_value()) << "a newer one";
  expect_lie(judge(first));
  expect_lie(judge(signed_set(2, {1, 2})));
  expect_lie(judge(std::nullopt));
  expect_lie(judge_organisation({}, pins_, ""));
  expect_lie(judge_organisation({key_of(other_), second}, pins_, ""));
  std::string forged = second;
  forged[forged.find("officer2@")] = 'p';
  EXPECT_FALSE(judge(forged).has_value());
}

TEST_F(OrganisationTest, ThePinIsKeptAndMerged) {
  pin_organisation(pins_, *judge(signed_set(2, {1, 2})).value());
  const auto again = decode_pins(base::bytes_of(encode_pins(pins_)));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->organisation, pins_.organisation);
  Pins newer;
  newer.organisation = pins_.organisation;
  newer.organisation->number = 3;
  Pins merged;
  ASSERT_TRUE(merge_pins(merged, pins_).has_value());
  ASSERT_TRUE(merge_pins(merged, newer).has_value());
  ASSERT_TRUE(merge_pins(merged, pins_).has_value());
  EXPECT_EQ(merged.organisation->number, 3);
  newer.organisation->digest.fill(std::byte{9});
  EXPECT_FALSE(merge_pins(merged, newer).has_value()) << "another set of the same number";
  newer.organisation->number = 4;
  newer.organisation->key = key_of(other_);
  EXPECT_FALSE(merge_pins(merged, newer).has_value()) << "another key";
}

TEST_F(OrganisationTest, ALinkNamesTheKeyThatItsMakerKnows) {
  const api::Token token{std::string(43, 'k')};
  EXPECT_EQ(enrolment_link("https://files.example.org", token, pins_),
            "https://files.example.org/e#" + token.text);
  pin_organisation(pins_, *judge(signed_set(1, {1, 2})).value());
  EXPECT_EQ(enrolment_link("https://files.example.org", token, pins_),
            "https://files.example.org/e#" + token.text + "." + digits(key_of(secret_)));
}

}  // namespace
}  // namespace sealift::client
