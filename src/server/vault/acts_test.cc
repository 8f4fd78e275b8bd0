// What the account's owner signs: each act is of one request, is done once, and lists the ways in.
#include "server/vault/acts.h"

#include "server/vault/proposals_for_test.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

using std::chrono::hours;

class ActsTest : public VaultTest {
 protected:
  // In the field's text: docs/formats/account.md says what is where.
  static constexpr std::size_t kGenerationAt = 0;
  static constexpr std::size_t kChallengeAt = 110;
  static constexpr std::size_t kSignatureAt = 160;

  Told issue() { return ask("token.issue", kWish, lea_.token); }
  Told issue_with(const std::string& act) {
    change_act_ = [&](const std::string&) { return act; };
    const Told told = issue();
    change_act_ = nullptr;
    return told;
  }
  Told issue_changed_at(std::size_t at) {
    change_act_ = [&](std::string act) {
      act.at(at) = act.at(at) == 'x' ? 'y' : 'x';
      return act;
    };
    const Told told = issue();
    change_act_ = nullptr;
    return told;
  }
  // The act of a request that was answered.
  std::string act_of_issue() {
    std::string act;
    change_act_ = [&](std::string made) { return act = std::move(made); };
    EXPECT_EQ(issue().status, 201);
    change_act_ = nullptr;
    return act;
  }
  json paper_key(const std::string& key) {
    json slot = slot_json("paper_key");
    slot["authentication"] = {{"kind", "authentication_key"}, {"parameters", ""}, {"key", key}};
    return slot;
  }
  static void expect(const Told& told, int status, std::string_view reason) {
    EXPECT_EQ(told.status, status) << told.body;
    EXPECT_EQ(told.body.value("reason", ""), reason) << told.body;
  }

  const json kWish = {{"scopes", {"parcels_read"}}, {"lifetime_ms", 3'600'000}};
  Person lea_ = enrolled("lea@region.example");
};

TEST_F(ActsTest, WhatTheOwnerDidNotSignIsRefusedAndSaysWhy) {
  expect(issue_with(""), 403, "act_missing");
  expect(issue_changed_at(kGenerationAt), 403, "act_key_retired");
  expect(issue_changed_at(kChallengeAt), 403, "act_too_old");
  expect(issue_changed_at(kSignatureAt), 403, "act_signature");
  EXPECT_EQ(issue().status, 201) << "else this test refuses everything";
}

TEST_F(ActsTest, AnActIsDoneOnce) {
  const std::string first = act_of_issue();
  EXPECT_EQ(issue_with(first).status, 201) << "a repetition, while it is the last one";
  EXPECT_EQ(issue().status, 201);
  expect(issue_with(first), 409, "account_moved_on");
}

// What it did may have been undone since, and a thief may repeat what the owner asked.
TEST_F(ActsTest, AnActThatComesAgainChangesNothing) {
  const Person chief = enrolled("chief@region.example", {.administrator = true});
  const auto is_officer = [&] {
    const catalog::AccountId id{*catalog::AccountId::of(*base::hex_decode(lea_.id))};
    return look([&](const catalog::Records& records) { return records.accounts->find(id); })
        ->roles.recovery_officer;
  };
  std::string act;
  change_act_ = [&](std::string made) { return act = std::move(made); };
  const json wish = {{"administrator", false}, {"recovery_officer", true}};
  EXPECT_EQ(ask("admin.set_roles", wish, chief.token, {lea_.id}).status, 202);
  make_waiting_changes(services_, now_);
  EXPECT_TRUE(is_officer());
  must(catalog_->transact([&](catalog::Records& records) {
    return records.accounts->set_roles({*catalog::AccountId::of(*base::hex_decode(lea_.id))}, {});
  }));
  change_act_ = [&](const std::string&) { return act; };
  EXPECT_EQ(ask("admin.set_roles", wish, chief.token, {lea_.id}).status, 202);
  make_waiting_changes(services_, now_);
  EXPECT_FALSE(is_officer());
  change_act_ = nullptr;
  const auto sessions = [&] { return ask("session.list", nullptr, lea_.token).body["sessions"]; };
  const std::string first = act_of_issue();
  const std::size_t before = sessions().size();
  EXPECT_EQ(issue_with(first).status, 201);
  EXPECT_EQ(sessions().size(), before) << "no second token, whatever was answered";
}

TEST_F(ActsTest, AnActFollowsTheLastOneAndNoOther) {
  EXPECT_EQ(issue().status, 201);
  owners_.change_act = [](parcel::AccountAct& act) { act.previous.front() ^= std::byte{1}; };
  expect(issue(), 409, "account_moved_on");
  owners_.change_act = [](parcel::AccountAct& act) { ++act.revision; };
  expect(issue(), 409, "account_moved_on");
  owners_.change_act = nullptr;
  EXPECT_EQ(issue().status, 201);
}

TEST_F(ActsTest, AnActWaitsForNobody) {
  std::string kept;
  change_act_ = [&](std::string made) {
    kept = std::move(made);
    return std::string();
  };
  expect(issue(), 403, "act_missing");
  now_ += std::chrono::minutes(30);
  expect(issue_with(kept), 403, "act_too_old");
}

TEST_F(ActsTest, ARetiredKeySignsNothingMore) {
  const std::string before = act_of_issue();
  const auto second = crypto::Ed25519Secret::generate(random_);
  json key = key_json(2, second);
  parcel::DirectoryKey text{.generation = 2, .recipient = key["recipient"]};
  std::ranges::copy(*base::hex_decode(lea_.id), text.account.begin());
  text.signing_key = second.public_key();
  key["endorsement"] = base64(parcel::endorse_directory_key(text, lea_.signing_key));
  ASSERT_EQ(ask("account.publish_key", key, lea_.token).status, 201);
  expect(issue_with(before), 403, "act_key_retired");
  EXPECT_EQ(issue().status, 201) << "the new one does";
}

TEST_F(ActsTest, AWayInThatNobodySignedStopsEveryAct) {
  change_act_ = [&](const std::string& act) {  // once it is signed, somebody writes to the catalog
    const catalog::AccountId id{*catalog::AccountId::of(*base::hex_decode(lea_.id))};
    const catalog::SlotId slot{random_.array<16>()};
    must(catalog_->transact([&](catalog::Records& records) {
      return records.slots->add(
          {.id = slot,
           .account = id,
           .kind = catalog::SlotKind::trusted_browser,
           .generation = {1},
           .wrapped = keys_.wrap(WrapFor::slot, slot.view(), base::bytes_of("planted"), random_),
           .sealed_label = {},
           .created = now_});
    }));
    return act;
  };
  expect(issue(), 409, "act_slots");
}

TEST_F(ActsTest, ANewWayInWaitsADay) {
  now_ += std::chrono::seconds(1);  // later than the enrolment
  const std::string key = random_base64(32);
  ASSERT_EQ(ask("slot.add", paper_key(key), lea_.token).status, 201);
  Person by_paper = some_person(lea_.address);
  by_paper.authentication_key = key;
  expect(log_in(by_paper), 403, "way_in_is_new");
  now_ += hours(24) - std::chrono::milliseconds(1);
  expect(log_in(by_paper), 403, "way_in_is_new");
  now_ += std::chrono::milliseconds(1);
  EXPECT_EQ(log_in(by_paper).status, 201);
}

// Otherwise a thief who added it could end the others with it.
TEST_F(ActsTest, ANewWayInDoesNotProveItsOwner) {
  now_ += std::chrono::seconds(1);
  const std::string key = random_base64(32);
  ASSERT_EQ(ask("slot.add", paper_key(key), lea_.token).status, 201);
  const json slots = ask("slot.list", nullptr, lea_.token).body["slots"];
  const auto password =
      std::ranges::find_if(slots, [](const json& slot) { return slot["kind"] == "password"; });
  json change = {{"authentication_key", key},
                 {"slot", (*password)["id"]},
                 {"expected_revision", (*password)["revision"]},
                 {"replacement", password_slot(lea_.parameters, random_base64(32))},
                 {"ends", json::array()}};
  expect(ask("account.change_password", change, lea_.token), 403, "way_in_is_new");
  change["authentication_key"] = lea_.authentication_key;
  EXPECT_EQ(ask("account.change_password", change, lea_.token).status, 204);
}

// Otherwise a thief who added it could remove the others.
TEST_F(ActsTest, ANewWayInIsNotTheLastOne) {
  now_ += std::chrono::seconds(1);
  const json slots = ask("slot.list", nullptr, lea_.token).body["slots"];
  ASSERT_EQ(ask("slot.add", paper_key(random_base64(32)), lea_.token).status, 201);
  for (const json& slot : slots)
    if (slot["kind"] == "password")
      expect(ask("slot.remove", nullptr, lea_.token, {slot["id"]}), 409, "last_slot");
}

TEST_F(ActsTest, TheTokenOfALoginAloneIsNothing) {
  const auto read = [&] { return ask("account.read", nullptr, lea_.token); };
  proof_age_.reset();
  expect(read(), 401, "not_logged_in");
  proof_age_ = std::chrono::seconds(0);
  EXPECT_EQ(read().status, 200) << "the login goes on";
  for (const int seconds : {61, -61}) {
    proof_age_ = std::chrono::seconds(seconds);
    expect(read(), 401, "not_logged_in");
  }
  proof_age_ = std::chrono::seconds(60);
  EXPECT_EQ(read().status, 200);
}

// Whoever got it can't make it one that needs none, and no other login's key is its own.
TEST_F(ActsTest, ALoginWithAKeyStaysOne) {
  wants_session_key_ = false;
  proof_age_.reset();
  expect(ask("account.read", nullptr, lea_.token), 401, "not_logged_in");
  expect(ask("session.end", nullptr, lea_.token), 401, "not_logged_in");
  proof_age_ = std::chrono::seconds(0);
  const Told second = log_in(lea_);
  proves_as_ = lea_.token;
  wants_session_key_ = true;
  const Told third = log_in(lea_);
  expect(ask("account.read", nullptr, std::string(third.body["token"])), 401, "not_logged_in");
  proves_as_.clear();
  EXPECT_EQ(ask("account.read", nullptr, std::string(third.body["token"])).status, 200);
  EXPECT_EQ(ask("account.read", nullptr, std::string(second.body["token"])).status, 200);
}

// As clients of 0.1.0 do: no key, and no acts.
TEST_F(ActsTest, AnOlderClientsLoginChangesNoWayIn) {
  const Person head = enrolled("head@region.example", {.administrator = true});
  wants_session_key_ = false;
  const Told begun = log_in(head);
  ASSERT_EQ(begun.status, 201);
  EXPECT_FALSE(begun.body.contains("key"));
  const std::string token = begun.body["token"];
  change_act_ = [](const std::string&) { return ""; };
  const json policy = ask("policy.read", nullptr, token).body;
  EXPECT_EQ(ask("policy.replace", policy, token).status, 200);
  EXPECT_EQ(ask("admin.invite",
                {{"address", "dan@region.example"},
                 {"lifetime_ms", 3'600'000},
                 {"roles", {{"administrator", false}, {"recovery_officer", false}}}},
                token)
                .status,
            201);
  expect(ask("policy.replace", policy, head.token), 403, "act_missing");
  expect(ask("slot.add", paper_key(random_base64(32)), token), 403, "act_missing");
  expect(ask("token.issue", kWish, token), 403, "act_missing");
  change_act_ = [](const std::string&) { return std::string(235, 'A'); };
  EXPECT_EQ(ask("policy.replace", policy, token).status, 403) << "a signature that is none";
}

TEST_F(ActsTest, AnOlderClientEnrolsUnsigned) {
  change_act_ = [](const std::string&) { return ""; };
  const Person ben = enrolled("ben@region.example");
  change_act_ = nullptr;
  const json found = ask("act.list", nullptr, ben.token).body;
  EXPECT_TRUE(found["acts"].empty());
  EXPECT_EQ(ask("token.issue", kWish, ben.token).status, 201) << "the first act of its chain";
  EXPECT_EQ(ask("act.list", nullptr, ben.token).body["acts"].size(), 1U);
}

TEST_F(ActsTest, ATokenForProgramsIsNoLogin) {
  const json wish = {{"scopes", {"account", "parcels_read"}}, {"lifetime_ms", 3'600'000}};
  const std::string token = ask("token.issue", wish, lea_.token).body["token"];
  EXPECT_EQ(ask("account.read", nullptr, token).status, 200);
  expect(ask("slot.list", nullptr, token), 403, "token_is_no_login");
  expect(ask("slot.add", paper_key(random_base64(32)), token), 403, "token_is_no_login");
  expect(ask("token.issue", wish, token), 403, "token_is_no_login");
}

// Another scope would not help: the client asks for the list of acts before each act.
TEST_F(ActsTest, ATokenIsToldAtOnceThatNoScopeHelps) {
  const json wish = {{"scopes", {"administration"}}, {"lifetime_ms", 3'600'000}};
  const std::string token = ask("token.issue", wish, lea_.token).body["token"];
  expect(ask("act.list", nullptr, token), 403, "token_is_no_login");
  expect(ask("account.read", nullptr, token), 403, "scope_missing");
}

// Every handler of what the owner signs puts the act into the chain.
TEST_F(ActsTest, TheChainHasEveryActWithoutAGap) {
  EXPECT_EQ(issue().status, 201);
  EXPECT_EQ(ask("slot.add", paper_key(random_base64(32)), lea_.token).status, 201);
  const json found = ask("act.list", nullptr, lea_.token).body;
  ASSERT_EQ(found["acts"].size(), 3U);
  EXPECT_EQ(found["acts"][0]["operation"], "slot.add");
  EXPECT_EQ(found["acts"][1]["operation"], "token.issue");
  EXPECT_EQ(found["acts"][2]["operation"], "enrolment.take");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(found["acts"][i]["revision"], 3 - i);
  EXPECT_EQ(found["next"]["revision"], 4);
}

}  // namespace
}  // namespace sealift::server::vault
