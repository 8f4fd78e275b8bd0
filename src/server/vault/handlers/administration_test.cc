// Policy, accounts, lock-down, recovery, the record and the figures: who may do what, and what it
// leaves behind.
#include "server/vault/proposals_for_test.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class AdministrationTest : public VaultTest {
 protected:
  json policy() { return ask("policy.read", nullptr, lea_.token).body; }
  int put_policy(const json& policy) { return ask("policy.replace", policy, admin_.token).status; }
  int set_state(const Person& whom, std::string_view state) {
    return ask("admin.set_state", {{"state", state}}, admin_.token, {whom.id}).status;
  }
  std::vector<std::string> kinds(const Person& who) {
    std::vector<std::string> all;
    const json listed = ask("custody.list", nullptr, who.token).body["events"];
    for (const json& event : listed) {
      all.push_back(event["kind"]);
    }
    return all;
  }

  Person admin_ = enrolled("admin@region.example", {.administrator = true});
  Person lea_ = enrolled("lea@region.example");
};

// ---- policy

TEST_F(AdministrationTest, ThePolicyIsReplacedByWhoSawThePresentOne) {
  json next = policy();
  next["links"] = "forbidden";
  next["link_opens_max"] = 3;
  next["recipient_domains"] = {"region.example", "hospital.example"};
  EXPECT_EQ(ask("policy.replace", next, lea_.token).status, 403);
  const Told replaced = ask("policy.replace", next, admin_.token);
  ASSERT_EQ(replaced.status, 200) << replaced.body;
  EXPECT_EQ(replaced.body["revision"], next["revision"].get<std::uint64_t>() + 1);
  EXPECT_EQ(replaced.body["link_opens_max"], 3);
  EXPECT_EQ(policy(), replaced.body);
  EXPECT_EQ(put_policy(next), 200) << "the answer was lost";
  next["link_opens_max"] = 2;
  EXPECT_EQ(put_policy(next), 409) << "somebody else's change came between";
  EXPECT_EQ(events()["policy_changed"], 1);
}

TEST_F(AdministrationTest, APolicyThatMakesNoSenseIsRefused) {
  const std::pair<std::string, json> changes[] = {
      {"parcel_lifetime_ms_default", 0},
      {"parcel_lifetime_ms_max", 59'000},
      {"session_idle_ms_max", 1000},
      {"session_lifetime_ms_max", 400'000},
      {"recovery_delay_ms_min", 0},
      {"record_retention_ms", 1000},
      {"links", "maybe"},
      {"link_opens_max", 0},
      {"recipient_domains", {"Region.example"}},
      {"recipient_domains", {"a..b"}},
      {"parcel_size_bytes_max", -1},
      {"more", 1},
  };
  const json good = policy();
  for (const auto& [field, value] : changes) {
    json next = good;
    next[field] = value;
    EXPECT_EQ(put_policy(next), 400) << field << " " << value;
  }
  json next = good;
  next.erase("links");
  EXPECT_EQ(put_policy(next), 400);
  EXPECT_EQ(policy(), good);
}

// Either of the two may have been set; the refusal names both, and what was set to.
TEST_F(AdministrationTest, ATimeAboveItsLimitIsRefusedByBothNames) {
  const auto refused = [&](const json& changes) {
    json next = policy();
    next.update(changes);
    return ask("policy.replace", next, admin_.token);
  };
  const Told lifetime = refused({{"parcel_lifetime_ms_default", 8'640'000'000}});
  EXPECT_EQ(lifetime.status, 400);
  EXPECT_EQ(lifetime.body["reason"], "policy_above");
  EXPECT_EQ(lifetime.body["facts"], json({{"field", "parcel_lifetime_ms_default"},
                                          {"asked_ms", 8'640'000'000},
                                          {"max_field", "parcel_lifetime_ms_max"},
                                          {"max_ms", 7'776'000'000}}));
  const json idle = refused({{"session_idle_ms_max", 72'000'000}}).body;
  EXPECT_EQ(idle["reason"], "policy_above");
  EXPECT_EQ(idle["facts"]["max_field"], "session_lifetime_ms_max");
  const json lowered = refused({{"parcel_lifetime_ms_max", 3'600'000}}).body;
  EXPECT_EQ(lowered["facts"]["asked_ms"], policy()["parcel_lifetime_ms_default"]);
  EXPECT_EQ(lowered["facts"]["max_ms"], 3'600'000);
  // Below what any of them may be, the limit is the number.
  const json least = refused({{"session_lifetime_ms_max", 3}}).body;
  EXPECT_EQ(least["reason"], "policy_too_short");
  EXPECT_EQ(least["facts"]["min_ms"], 300'000);
  EXPECT_EQ(least["facts"]["asked_ms"], 3);
}

TEST_F(AdministrationTest, SessionsAreAsLongAsThePolicySays) {
  json next = policy();
  next["session_lifetime_ms_max"] = 600'000;
  next["session_idle_ms_max"] = 300'000;
  ASSERT_EQ(put_policy(next), 200);
  const json session = log_in(lea_).body["session"];
  EXPECT_EQ(session["expires"].get<std::uint64_t>() - session["created"].get<std::uint64_t>(),
            600'000U);
}

// ---- accounts

TEST_F(AdministrationTest, AnInvitationIsMadeListedAndWithdrawn) {
  const json wanted = {{"address", "Tom@region.example"},
                       {"roles", {{"administrator", false}, {"recovery_officer", true}}},
                       {"lifetime_ms", 3'600'000}};
  EXPECT_EQ(ask("admin.invite", wanted, lea_.token).status, 403);
  const Told made = ask("admin.invite", wanted, admin_.token);
  ASSERT_EQ(made.status, 201) << made.body;
  const json offer = ask("enrolment.look", {{"token", made.body["token"]}}).body;
  EXPECT_EQ(offer["address"], "tom@region.example");
  EXPECT_EQ(offer["roles"]["recovery_officer"], false) << "the role waits";
  const json listed = ask("admin.list_enrolments", nullptr, admin_.token).body["enrolments"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["address"], "tom@region.example");
  EXPECT_EQ(listed[0]["invited_by"], admin_.id);
  EXPECT_EQ(mails(), 3U) << "the invitation; and both are told of the role";
  const std::string id = made.body["id"];
  EXPECT_EQ(ask("admin.withdraw_enrolment", nullptr, admin_.token, {id}).status, 204);
  EXPECT_EQ(ask("admin.withdraw_enrolment", nullptr, admin_.token, {id}).status, 404);
  EXPECT_EQ(ask("enrolment.look", {{"token", made.body["token"]}}).status, 404);
  json closed = wanted;
  closed["address"] = "lea@region.example";
  ASSERT_EQ(set_state(lea_, "closed"), 204);
  EXPECT_EQ(ask("admin.invite", closed, admin_.token).status, 409) << "closed for good";
  EXPECT_EQ(events()["account_invited"], 1);
}

TEST_F(AdministrationTest, ASuspendedAccountIsOutAtOnceAndAClosedOneForGood) {
  EXPECT_EQ(set_state(lea_, "suspended"), 204);
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).status, 401);
  EXPECT_EQ(log_in(lea_).status, 401);
  EXPECT_EQ(set_state(lea_, "active"), 204);
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).status, 401) << "its logins are gone";
  EXPECT_EQ(log_in(lea_).status, 201);
  EXPECT_EQ(set_state(lea_, "closed"), 204);
  EXPECT_EQ(set_state(lea_, "active"), 409);
  EXPECT_EQ(set_state(lea_, "asleep"), 400);
  EXPECT_EQ(events()["account_changed"], 3);
}

TEST_F(AdministrationTest, TheLastAdministratorStaysOne) {
  const json none = {{"administrator", false}, {"recovery_officer", false}};
  EXPECT_EQ(set_state(admin_, "suspended"), 409);
  EXPECT_EQ(ask("admin.set_roles", none, admin_.token, {admin_.id}).status, 409);
  EXPECT_EQ(ask("account.read", nullptr, admin_.token).status, 200) << "nothing was changed";
  const json both = {{"administrator", true}, {"recovery_officer", true}};
  EXPECT_EQ(ask("admin.set_roles", both, admin_.token, {lea_.id}).status, 202);
  make_waiting_changes(services_, now_);
  EXPECT_EQ(ask("admin.set_roles", both, admin_.token, {lea_.id}).status, 204) << "as it is";
  EXPECT_EQ(ask("admin.set_roles", none, admin_.token, {admin_.id}).status, 202);
  EXPECT_EQ(ask("admin.list_accounts", nullptr, admin_.token).status, 200);
  make_waiting_changes(services_, now_);
  EXPECT_EQ(ask("admin.list_accounts", nullptr, admin_.token).status, 403);
  EXPECT_EQ(ask("admin.list_accounts", nullptr, lea_.token).status, 200);
  EXPECT_EQ(ask("admin.set_roles", both, lea_.token, {std::string(32, '0')}).status, 404);
}

TEST_F(AdministrationTest, QuotaAndSessionsOfAnAccount) {
  EXPECT_EQ(ask("admin.set_quota", {{"quota_bytes_max", 77}}, admin_.token, {lea_.id}).status, 204);
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).body["quota_bytes_max"], 77);
  EXPECT_EQ(ask("admin.set_quota", json::object(), admin_.token, {lea_.id}).status, 204);
  EXPECT_FALSE(ask("account.read", nullptr, lea_.token).body.contains("quota_bytes_max"));
  EXPECT_EQ(ask("admin.end_sessions", nullptr, admin_.token, {lea_.id}).status, 204);
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).status, 401);
  EXPECT_EQ(ask("admin.end_sessions", nullptr, admin_.token, {std::string(32, '0')}).status, 404);
}

TEST_F(AdministrationTest, AccountsAreListedWithTheirAddresses) {
  const json accounts = ask("admin.list_accounts", nullptr, admin_.token).body["accounts"];
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[0]["address"], "lea@region.example");
  EXPECT_EQ(accounts[1]["address"], "admin@region.example");
}

// ---- lock-down

TEST_F(AdministrationTest, OneLocksAndTwoReopen) {
  const Person second = enrolled("second@region.example", {.administrator = true});
  EXPECT_EQ(ask("lockdown.lock", nullptr, lea_.token).status, 403);
  EXPECT_EQ(ask("lockdown.read", nullptr, lea_.token).body, json({{"is_locked", false}}));
  const Told locked = ask("lockdown.lock", nullptr, admin_.token);
  ASSERT_EQ(locked.status, 201) << locked.body;
  EXPECT_EQ(locked.body["locked_by"], admin_.id);
  EXPECT_EQ(mails(), 2U) << "both administrators are told";
  for (const Person* each : std::initializer_list<const Person*>{&admin_, &second, &lea_}) {
    EXPECT_EQ(ask("lockdown.read", nullptr, each->token).status, 401) << "every login ends";
  }
  const std::string first_token = log_in(admin_).body["token"];
  const std::string second_token = log_in(second).body["token"];
  EXPECT_EQ(ask("session.list", nullptr, first_token).status, 503);
  EXPECT_EQ(ask("lockdown.lock", nullptr, first_token).status, 409);
  const json id = {{"id", locked.body["id"]}};
  EXPECT_EQ(ask("lockdown.reopen", id, first_token).status, 409) << "nobody has approved";
  EXPECT_EQ(ask("lockdown.approve_reopening", id, first_token).status, 204);
  EXPECT_EQ(ask("lockdown.approve_reopening", id, first_token).status, 204) << "asked again";
  EXPECT_EQ(ask("lockdown.read", nullptr, first_token).body["approvals"], 1) << "counts once";
  EXPECT_EQ(ask("lockdown.reopen", id, first_token).status, 409);
  EXPECT_EQ(ask("lockdown.approve_reopening", id, second_token).status, 204);
  EXPECT_EQ(ask("lockdown.read", nullptr, first_token).body["approvals"], 2);
  EXPECT_EQ(ask("lockdown.reopen", {{"id", std::string(32, '0')}}, first_token).status, 404);
  EXPECT_EQ(ask("lockdown.reopen", id, first_token).status, 204);
  EXPECT_EQ(ask("account.read", nullptr, first_token).status, 200);
  EXPECT_EQ(events()["locked_down"], 1);
  EXPECT_EQ(events()["reopening_approved"], 2);
  EXPECT_EQ(events()["reopened"], 1);
}

TEST_F(AdministrationTest, TheOnlyAdministratorThereIsReopensAlone) {
  const Told locked = ask("lockdown.lock", nullptr, admin_.token);
  ASSERT_EQ(locked.status, 201) << locked.body;
  EXPECT_EQ(locked.body["approvals_needed"], 1);
  const std::string token = log_in(admin_).body["token"];
  const json id = {{"id", locked.body["id"]}};
  EXPECT_EQ(ask("lockdown.reopen", id, token).status, 409) << "an approval is an act of its own";
  EXPECT_EQ(ask("lockdown.approve_reopening", id, token).status, 204);
  EXPECT_EQ(ask("lockdown.reopen", id, token).status, 204);
  EXPECT_FALSE(ask("lockdown.read", nullptr, token).body["is_locked"]);
}

TEST_F(AdministrationTest, TheTokenOfTheMonitoringReadsFiguresAlsoInALockDownAndNothingElse) {
  const Token token = make_token(random_);
  EXPECT_EQ(ask("metrics.read", nullptr, token.text).status, 401);
  must(catalog_->transact([&](catalog::Records& records) {
    return records.marks->put(catalog::Mark::metrics_token, token.hash.view());
  }));
  EXPECT_EQ(ask("metrics.read", nullptr, token.text).status, 200);
  EXPECT_EQ(ask("metrics.read", nullptr, make_token(random_).text).status, 401);
  for (const char* other : {"admin.read_usage", "account.read", "policy.read", "custody.list"})
    EXPECT_EQ(ask(other, nullptr, token.text).status, 401) << other;
  ASSERT_EQ(ask("lockdown.lock", nullptr, admin_.token).status, 201);
  EXPECT_EQ(ask("metrics.read", nullptr, admin_.token).status, 401);
  EXPECT_EQ(ask("metrics.read", nullptr, token.text).status, 200);
}

// ---- recovery

class RecoveryTest : public AdministrationTest {
 protected:
  Told ask_for(const Person& officer, const Person& whom) {
    return ask("recovery.ask", {{"account", whom.id}}, officer.token);
  }
  int approve(const Person& officer, const std::string& id) {
    return ask("recovery.approve", nullptr, officer.token, {id}).status;
  }
  Told release(const Person& officer, const std::string& id) {
    return ask("recovery.release", nullptr, officer.token, {id});
  }
  int give_share(const Person& officer, const std::string& id, const std::string& share) {
    return ask("recovery.give_share", {{"share", share}}, officer.token, {id}).status;
  }
  json own(const Person& person) { return ask("recovery.read_own", nullptr, person.token).body; }
  Person enrolled_officer() {
    return enrolled("another@region.example", {.recovery_officer = true});
  }
  static constexpr auto npos = std::string::npos;
  void log_in_again() {
    for (Person* each : {&first_, &second_, &lea_}) each->token = log_in(*each).body["token"];
  }

  Person first_ = enrolled("first@region.example", {.recovery_officer = true});
  Person second_ = enrolled("second@region.example", {.recovery_officer = true});
};

TEST_F(RecoveryTest, TakesTwoOfficersAndADelay) {
  EXPECT_EQ(ask_for(lea_, lea_).status, 403);
  EXPECT_EQ(ask_for(admin_, lea_).status, 403) << "an administrator is no officer";
  const Told asked = ask_for(first_, lea_);
  ASSERT_EQ(asked.status, 201) << asked.body;
  EXPECT_EQ(asked.body["approvals"], 0);
  EXPECT_EQ(asked.body["not_before"].get<std::uint64_t>(), json_of(now_ + std::chrono::hours(48)));
  EXPECT_EQ(mails(), 1U) << "its owner is told";
  EXPECT_EQ(ask_for(second_, lea_).status, 409) << "one waits";
  const std::string id = asked.body["id"];
  EXPECT_EQ(approve(first_, id), 204);
  EXPECT_EQ(approve(first_, id), 204) << "asked again; counts once";
  EXPECT_EQ(approve(second_, id), 204);
  EXPECT_EQ(release(first_, id).status, 409) << "too early";
  now_ += std::chrono::hours(49);
  log_in_again();
  EXPECT_EQ(ask("recovery.list", nullptr, first_.token).body["recoveries"].size(), 1U);
  const Told released = release(second_, id);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(released.body["slot"]["kind"], "recovery");
  EXPECT_EQ(release(first_, id).status, 409) << "once";
  EXPECT_EQ(mails(), 2U);
  EXPECT_EQ(events()["recovery_asked"], 1);
  EXPECT_EQ(events()["recovery_approved"], 2);
  EXPECT_EQ(events()["recovery_released"], 1);
}

TEST_F(RecoveryTest, WhatItsOwnerDealsAfterwardsIsNotGivenOutWithIt) {
  const std::string id = ask_for(first_, lea_).body["id"];
  EXPECT_EQ(approve(first_, id), 204);
  EXPECT_EQ(approve(second_, id), 204);
  now_ += std::chrono::hours(49);
  log_in_again();
  const Told released = release(second_, id);
  ASSERT_EQ(released.status, 200);
  EXPECT_EQ(release(second_, id).body, released.body) << "the answer was lost";
  now_ += std::chrono::seconds(1);
  ASSERT_EQ(ask("slot.add", recovery_slot({first_.id, second_.id}), lea_.token).status, 201);
  EXPECT_EQ(release(second_, id).status, 409);
}

TEST_F(RecoveryTest, OneApprovalIsNotEnough) {
  const std::string id = ask_for(first_, lea_).body["id"];
  EXPECT_EQ(approve(second_, id), 204);
  now_ += std::chrono::hours(49);
  log_in_again();
  EXPECT_EQ(release(first_, id).status, 409);
}

TEST_F(RecoveryTest, AnOfficerWhoWasDismissedDoesNotCount) {
  const std::string id = ask_for(first_, lea_).body["id"];
  EXPECT_EQ(approve(first_, id), 204);
  EXPECT_EQ(approve(second_, id), 204);
  const json none = {{"administrator", false}, {"recovery_officer", false}};
  ASSERT_EQ(ask("admin.set_roles", none, admin_.token, {second_.id}).status, 202);
  make_waiting_changes(services_, now_);
  now_ += std::chrono::hours(49);
  log_in_again();
  EXPECT_EQ(release(first_, id).status, 409);
}

TEST_F(RecoveryTest, ItsOwnerCancelsItAndStrangersSeeNone) {
  const Person tom = enrolled("tom@region.example");
  const std::string id = ask_for(first_, lea_).body["id"];
  EXPECT_EQ(ask("recovery.cancel", nullptr, tom.token, {id}).status, 404);
  EXPECT_EQ(ask("recovery.cancel", nullptr, lea_.token, {id}).status, 204);
  EXPECT_EQ(ask("recovery.cancel", nullptr, lea_.token, {id}).status, 204) << "asked again";
  EXPECT_EQ(approve(second_, id), 409);
  EXPECT_EQ(events()["recovery_cancelled"], 1);
}

TEST_F(RecoveryTest, OnesOwnAccountNeedsOthersApproval) {
  const std::string id = ask_for(first_, first_).body["id"];
  EXPECT_EQ(approve(first_, id), 403);
}

TEST_F(RecoveryTest, EnrolmentsOfferTheOfficersKeys) {
  const json offer = ask("enrolment.look", {{"token", invite("new@region.example")}}).body;
  EXPECT_EQ(offer["recovery_officers"].size(), 2U);
  EXPECT_EQ(offer["recovery_threshold"], 2);
}

TEST_F(RecoveryTest, ASlotInSharesIsApprovedWithThem) {
  const Person third = enrolled("third@region.example", {.recovery_officer = true});
  const json slot = recovery_slot({first_.id, second_.id});
  ASSERT_EQ(ask("slot.add", slot, lea_.token).status, 201);
  EXPECT_EQ(own(lea_)["shares_needed"], 2);
  EXPECT_EQ(own(lea_)["shared_with"].size(), 2U);
  EXPECT_EQ(own(lea_)["officers"].size(), 3U);
  EXPECT_FALSE(own(lea_).contains("waiting"));
  const Told asked = ask_for(first_, lea_);
  const std::string id = asked.body["id"];
  EXPECT_EQ(own(lea_)["waiting"]["id"], id);
  const json newest = ask("directory.history", nullptr, first_.token, {first_.id}).body["entries"];
  EXPECT_EQ(asked.body["recipient"], newest.back()["key"]["recipient"]) << "who asked";
  const auto seen_by = [&](const Person& officer) {
    return ask("recovery.list", nullptr, officer.token).body["recoveries"][0];
  };
  EXPECT_EQ(seen_by(first_)["share"], slot["recovery"]["shares"][0]["file"]);
  EXPECT_EQ(seen_by(second_)["share"], slot["recovery"]["shares"][1]["file"]);
  EXPECT_FALSE(seen_by(third).contains("share")) << "and no other's";
  EXPECT_EQ(approve(first_, id), 409) << "without a share there is nothing to count";
  EXPECT_EQ(give_share(third, id, age_file()), 403);
  const json shares = {age_file(), age_file()};
  EXPECT_EQ(give_share(first_, id, shares[0]), 204);
  EXPECT_EQ(give_share(second_, id, shares[1]), 204);
  now_ += std::chrono::hours(49);
  log_in_again();
  const Told released = release(second_, id);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(released.body["slot"]["file"], slot["file"]);
  EXPECT_EQ(released.body["half"], slot["recovery"]["half"]);
  EXPECT_EQ(released.body["shares"].size(), 2U);
  for (const json& share : shares) EXPECT_NE(released.body["shares"].dump().find(share), npos);
}

TEST_F(RecoveryTest, TheServersHalfIsNotGivenOutBeforeTheDelayOrTheShares) {
  const json slot = recovery_slot({first_.id, second_.id, enrolled_officer().id}, 3);
  ASSERT_EQ(ask("slot.add", slot, lea_.token).status, 201);
  const std::string id = ask_for(first_, lea_).body["id"];
  EXPECT_EQ(give_share(first_, id, age_file()), 204);
  EXPECT_EQ(give_share(second_, id, age_file()), 204);
  EXPECT_EQ(release(first_, id).status, 409);
  now_ += std::chrono::hours(49);
  log_in_again();
  const Told refused = release(first_, id);
  EXPECT_EQ(refused.status, 409) << "the shares need three";
  const std::string half = slot["recovery"]["half"];
  for (const json& told :
       {refused.body, own(lea_), ask("recovery.list", nullptr, first_.token).body,
        ask("slot.list", nullptr, lea_.token).body})
    EXPECT_EQ(told.dump().find(half), npos);
}

TEST_F(RecoveryTest, SharesAreForOfficersAndDealingThemAgainEndsWhatWaits) {
  EXPECT_EQ(ask("slot.add", recovery_slot({first_.id, lea_.id}), lea_.token).status, 409);
  EXPECT_EQ(ask("slot.add", recovery_slot({first_.id, first_.id}), lea_.token).status, 400);
  EXPECT_EQ(ask("slot.add", recovery_slot({first_.id}), lea_.token).status, 400);
  EXPECT_EQ(ask("slot.add", recovery_slot({first_.id, second_.id}, 1), lea_.token).status, 400);
  json password = recovery_slot({first_.id, second_.id});
  password["kind"] = "trusted_browser";
  EXPECT_EQ(ask("slot.add", password, lea_.token).status, 400);
  const std::string id = ask_for(first_, lea_).body["id"];
  const json slot = recovery_slot({first_.id, second_.id});
  ASSERT_EQ(ask("slot.add", slot, lea_.token).status, 201);
  EXPECT_EQ(give_share(first_, id, age_file()), 409) << "its owner has the keys";
  EXPECT_EQ(events()["recovery_cancelled"], 1);
  const json bad = {{"account", lea_.id}, {"recipient", "age1nonsense"}};
  EXPECT_EQ(ask("recovery.ask", bad, first_.token).status, 400);
}

// ---- record and figures

TEST_F(AdministrationTest, OneSeesOnesOwnRecordAndAnAdministratorAll) {
  const std::vector<std::string> own = kinds(lea_);
  EXPECT_EQ(own, (std::vector<std::string>{"session_begun", "key_published", "account_enrolled"}));
  EXPECT_EQ(kinds(admin_).size(), 6U);
  before_ = 0;
  EXPECT_TRUE(kinds(admin_).empty()) << "page after the last one";
}

TEST_F(AdministrationTest, TheFiguresAreThere) {
  const json usage = ask("admin.read_usage", nullptr, admin_.token).body;
  EXPECT_EQ(usage["accounts"], 2);
  EXPECT_EQ(usage["parcels"], 0);
  EXPECT_EQ(usage["used_bytes"], 0);
  EXPECT_EQ(usage["mails_waiting"], 0);
  EXPECT_EQ(ask("metrics.read", nullptr, lea_.token).status, 403);
  const Told metrics = ask("metrics.read", nullptr, admin_.token);
  ASSERT_EQ(metrics.status, 200);
  const std::string text = metrics.body;
  EXPECT_NE(text.find("# TYPE sealift_accounts gauge\nsealift_accounts{state=\"active\"} 2\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("sealift_locked_down 0\n"), std::string::npos);
  EXPECT_NE(text.find("sealift_custody_events_queued 6\n"), std::string::npos);
  EXPECT_EQ(text.find('@'), std::string::npos);
}

// Every operation but for its own owner: none of an administrator's gives a parcel or a slot away.
TEST_F(AdministrationTest, NobodyWithoutALoginGetsIn) {
  for (const Operation& operation : operations()) {
    if (!operation.credentials.is_only(Credential::session) || operation.route.pattern.empty()) {
      continue;
    }
    EXPECT_EQ(ask(operation.name).status, 401) << operation.name;
    EXPECT_EQ(ask(operation.name, nullptr, std::string(43, 'A')).status, 401) << operation.name;
  }
}

}  // namespace
}  // namespace sealift::server::vault
