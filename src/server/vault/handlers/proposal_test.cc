// Changes that wait: who proposes, confirms and withdraws them, when they take effect, who is told.
#include <set>

#include "server/vault/handlers/policy_forms.h"
#include "server/vault/proposals_for_test.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

using std::chrono::hours;

class ProposalTest : public VaultTest {
 protected:
  static json roles(bool administrator, bool officer) {
    return {{"administrator", administrator}, {"recovery_officer", officer}};
  }
  Told set_roles(const Person& by, const Person& whom, const json& roles) {
    return ask("admin.set_roles", roles, by.token, {whom.id});
  }
  Told set_policy(const Person& by, const json& changes) {
    json next = ask("policy.read", nullptr, by.token).body;
    next.update(changes);
    return ask("policy.replace", next, by.token);
  }
  json policy() { return ask("policy.read", nullptr, lea_.token).body; }
  json waiting(const Person& by) {
    return ask("proposal.list", nullptr, by.token).body.at("proposals");
  }
  std::string only(const Person& by) { return waiting(by).at(0).at("id"); }
  Told confirm(const Person& by, const std::string& id) {
    return ask("proposal.confirm", nullptr, by.token, {id});
  }
  Told withdraw(const Person& by, const std::string& id) {
    return ask("proposal.withdraw", nullptr, by.token, {id});
  }
  json roles_of(const Person& whom) {
    return ask("account.read", nullptr, whom.token).body.at("roles");
  }
  void refused(const Told& told, int status, std::string_view reason) {
    EXPECT_EQ(told.status, status) << told.body;
    EXPECT_EQ(told.body.value("reason", ""), reason);
  }
  void pass(hours time) {
    now_ += time;
    for (Person* each : {&ann_, &ben_, &olga_, &lea_})
      if (!each->id.empty()) each->token = log_in(*each).body.value("token", "");
    must(make_due_changes(services_, now_));
  }
  static const inline std::string kNobody = std::string(32, '0');

  Person ann_ = enrolled("ann@region.example", {.administrator = true});
  Person ben_ = enrolled("ben@region.example", {.administrator = true});
  Person olga_ = enrolled("olga@region.example", {.recovery_officer = true});
  Person lea_ = enrolled("lea@region.example");
};

TEST_F(ProposalTest, ARoleTakesAnotherAdministratorAndTheDelay) {
  EXPECT_EQ(set_roles(ann_, lea_, roles(false, true)).status, 202);
  EXPECT_EQ(set_roles(ann_, lea_, roles(false, true)).status, 202) << "asked again";
  ASSERT_EQ(waiting(lea_).size(), 1U) << "everybody sees it";
  const json told = waiting(lea_)[0];
  EXPECT_EQ(told["account"], lea_.id);
  EXPECT_EQ(told["address"], "lea@region.example");
  EXPECT_EQ(told["proposer"], "ann@region.example");
  EXPECT_EQ(told["roles"], roles(false, true));
  EXPECT_FALSE(told.contains("not_before"));
  const std::string id = told["id"];
  refused(confirm(ann_, id), 403, "own_proposal");
  EXPECT_EQ(confirm(olga_, id).status, 403) << "an officer administers nothing";
  EXPECT_EQ(confirm(lea_, id).status, 403);
  refused(confirm(ben_, kNobody), 404, "no_proposal");
  pass(hours(24 * 7));
  EXPECT_EQ(roles_of(lea_), roles(false, false)) << "nobody has confirmed it";
  EXPECT_EQ(confirm(ben_, id).status, 204);
  EXPECT_EQ(confirm(ben_, id).status, 204) << "asked again";
  EXPECT_EQ(waiting(lea_)[0]["not_before"], json_of(now_ + hours(72)));
  EXPECT_EQ(waiting(lea_)[0]["confirmed_by"], ben_.id);
  pass(hours(71));
  EXPECT_EQ(roles_of(lea_), roles(false, false));
  pass(hours(1));
  EXPECT_EQ(roles_of(lea_), roles(false, true));
  EXPECT_TRUE(waiting(lea_).empty());
  refused(confirm(ben_, id), 409, "proposal_over");
  refused(withdraw(ben_, id), 409, "proposal_over");
  EXPECT_EQ(events()["proposal_made"], 1);
  EXPECT_EQ(events()["proposal_confirmed"], 1);
  EXPECT_EQ(events()["account_changed"], 1);
  EXPECT_EQ(mails(), 10U) << "to the three in charge, at each step; the new officer at the last";
}

TEST_F(ProposalTest, AnyHolderWithdrawsIt) {
  for (const Person* each : {&olga_, &ben_, &ann_}) {
    EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
    const std::string id = only(lea_);
    EXPECT_EQ(confirm(ben_, id).status, 204);
    EXPECT_EQ(withdraw(lea_, id).status, 403) << "not even for oneself";
    EXPECT_EQ(withdraw(*each, id).status, 204);
    EXPECT_EQ(withdraw(*each, id).status, 204) << "asked again";
    refused(confirm(ben_, id), 409, "proposal_over");
  }
  refused(withdraw(olga_, kNobody), 404, "no_proposal");
  pass(hours(100));
  EXPECT_EQ(roles_of(lea_), roles(false, false));
  EXPECT_EQ(events()["proposal_withdrawn"], 3);
}

TEST_F(ProposalTest, OneChangeOfTheSameWaitsAtATime) {
  EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
  refused(set_roles(ann_, lea_, roles(true, true)), 409, "proposal_waits");
  refused(set_roles(ben_, lea_, roles(true, false)), 409, "proposal_waits");
  EXPECT_EQ(set_policy(ann_, {{"recovery_delay_ms_min", 7'200'000}}).status, 200);
  refused(set_policy(ben_, {{"recovery_delay_ms_min", 3'600'000}}), 409, "proposal_waits");
  EXPECT_EQ(waiting(lea_).size(), 2U);
}

TEST_F(ProposalTest, OnlySoManyWait) {
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    for (std::size_t i = 0; i < 100; ++i) {
      SEALIFT_TRY_VOID(records.proposals->add(
          {.id = {random_.array<16>()},
           .account = {random_.array<16>()},
           .change = bytes_of(roles(true, true).dump()),
           .proposed_by = *catalog::AccountId::of(*base::hex_decode(ann_.id)),
           .proposed = now_}));
    }
    return {};
  }));
  refused(set_roles(ann_, lea_, roles(true, false)), 413, "proposals_max");
}

TEST_F(ProposalTest, AnInvitationGivesItsRolesLikeAnyOther) {
  Person puppet = some_person("puppet@region.example");
  const json wish = {
      {"address", puppet.address}, {"roles", roles(true, true)}, {"lifetime_ms", 864'000'000}};
  const json made = ask("admin.invite", wish, ann_.token).body;
  EXPECT_EQ(waiting(lea_)[0]["account"], made["id"]);
  EXPECT_EQ(waiting(lea_)[0]["address"], puppet.address) << "before it has an account";
  EXPECT_EQ(confirm(ben_, only(lea_)).status, 204);
  pass(hours(80));
  EXPECT_EQ(waiting(lea_).size(), 1U) << "there is no account yet";
  const Told enrolled = ask("enrolment.take", enrolment_body(made["token"], puppet));
  ASSERT_EQ(enrolled.status, 201) << enrolled.body;
  EXPECT_EQ(enrolled.body["account"]["roles"], roles(false, false));
  puppet.token = enrolled.body["token"];
  must(make_due_changes(services_, now_));
  EXPECT_EQ(roles_of(puppet), roles(true, true));
}

TEST_F(ProposalTest, AWithdrawnOrRepeatedInvitationTakesItsRolesAlong) {
  const json wish = {{"address", "puppet@region.example"},
                     {"roles", roles(true, true)},
                     {"lifetime_ms", 864'000'000}};
  EXPECT_EQ(ask("admin.invite", wish, ann_.token).status, 201);
  const std::string id = ask("admin.invite", wish, ann_.token).body["id"];
  ASSERT_EQ(waiting(lea_).size(), 1U);
  EXPECT_EQ(waiting(lea_)[0]["account"], id);
  EXPECT_EQ(ask("admin.withdraw_enrolment", nullptr, ann_.token, {id}).status, 204);
  EXPECT_TRUE(waiting(lea_).empty());
}

// Made through the API before roles had to wait.
TEST_F(ProposalTest, AnOldInvitationGivesNoRole) {
  const Token token = make_token(random_);
  const catalog::EnrolmentId id{random_.array<16>()};
  const std::string address = "old@region.example";
  must(catalog_->transact([&](catalog::Records& records) {
    return records.enrolments->add(
        {.id = id,
         .token = token.hash,
         .lookup = keys_.address_lookup(address),
         .sealed_address =
             keys_.wrap(WrapFor::address, id.view(), base::bytes_of(address), random_),
         .roles = {.administrator = true},
         .invited_by = *catalog::AccountId::of(*base::hex_decode(ann_.id)),
         .created = now_,
         .expires = now_ + hours(24)});
  }));
  EXPECT_EQ(ask("enrolment.look", {{"token", token.text}}).body["roles"], roles(false, false));
  const Told told = ask("enrolment.take", enrolment_body(token.text, some_person(address)));
  EXPECT_EQ(told.body["account"]["roles"], roles(false, false));
}

TEST_F(ProposalTest, TheOnlyAdministratorWaitsAndEverybodyIsTold) {
  set_roles(ann_, ben_, roles(false, false));
  make_waiting_changes(services_, now_);
  const std::uint64_t before = mails();
  EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
  EXPECT_EQ(mails(), before + 4) << "all four";
  EXPECT_EQ(waiting(lea_)[0]["not_before"], json_of(now_ + hours(72)));
  pass(hours(71));
  EXPECT_EQ(roles_of(lea_), roles(false, false));
  pass(hours(1));
  EXPECT_EQ(roles_of(lea_), roles(true, false));
  EXPECT_EQ(mails(), before + 8);
  // The two are one person's, perhaps.
  EXPECT_EQ(set_policy(ann_, {{"recovery_delay_ms_min", 3'600'000}}).status, 200);
  const std::string id = only(lea_);
  refused(confirm(lea_, id), 403, "new_administrator");
  pass(hours(73));
  EXPECT_EQ(confirm(lea_, id).status, 204);
}

TEST_F(ProposalTest, WhoSuspendsTheOthersIsNotTheOnlyOne) {
  EXPECT_EQ(ask("admin.set_state", {{"state", "suspended"}}, ann_.token, {ben_.id}).status, 204);
  refused(ask("admin.set_state", {{"state", "closed"}}, ann_.token, {ben_.id}), 409, "has_role");
  refused(ask("admin.set_state", {{"state", "closed"}}, ann_.token, {olga_.id}), 409, "has_role");
  EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
  EXPECT_FALSE(waiting(lea_)[0].contains("not_before"));
  EXPECT_EQ(set_roles(ann_, ben_, roles(false, false)).status, 202);
  pass(hours(24 * 20));
  EXPECT_EQ(roles_of(lea_), roles(false, false));
  const json locked = ask("lockdown.lock", nullptr, ann_.token).body;
  EXPECT_EQ(locked["approvals_needed"], 2);
}

TEST_F(ProposalTest, TheLastActiveAdministratorStaysOneAlsoWhenItsTimeHasCome) {
  EXPECT_EQ(set_roles(ann_, ben_, roles(false, false)).status, 202);
  const std::string id = only(lea_);
  EXPECT_EQ(confirm(ben_, id).status, 204);
  EXPECT_EQ(ask("admin.set_state", {{"state", "suspended"}}, ben_.token, {ann_.id}).status, 204);
  now_ += hours(72);
  must(make_due_changes(services_, now_));
  ben_.token = log_in(ben_).body["token"];
  EXPECT_EQ(roles_of(ben_), roles(true, false));
  EXPECT_EQ(events()["proposal_withdrawn"], 1);
}

TEST_F(ProposalTest, ALockDownEndsWhatWaits) {
  EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
  EXPECT_EQ(confirm(ben_, only(lea_)).status, 204);
  EXPECT_EQ(ask("lockdown.lock", nullptr, ann_.token).status, 201);
  now_ += hours(100);
  must(make_due_changes(services_, now_));
  EXPECT_EQ(events()["proposal_withdrawn"], 1);
  EXPECT_EQ(events()["account_changed"], 0);
}

TEST_F(ProposalTest, WhatNobodyConfirmsEndsAfterAMonth) {
  EXPECT_EQ(set_roles(ann_, lea_, roles(true, false)).status, 202);
  pass(hours(24 * 30 - 1));
  EXPECT_EQ(waiting(lea_).size(), 1U);
  pass(hours(1));
  EXPECT_TRUE(waiting(lea_).empty());
  EXPECT_EQ(events()["proposal_withdrawn"], 1);
}

// ---- the policy

TEST_F(ProposalTest, WhatIsStrongerIsInForceAtOnceAndWhatIsWeakerWaits) {
  const json told = set_policy(ann_, {{"recovery_delay_ms_min", 3'600'000},
                                      {"link_opens_max", 3},
                                      {"link_passphrase", "required"}})
                        .body;
  EXPECT_EQ(told["link_opens_max"], 3);
  EXPECT_EQ(told["link_passphrase"], "required");
  EXPECT_EQ(told["recovery_delay_ms_min"], 172'800'000);
  const json wanted =
      json::array({json::object({{"name", "recovery_delay_ms_min"}, {"value", "3600000"}})});
  EXPECT_EQ(waiting(lea_)[0]["settings"], wanted);
  EXPECT_EQ(confirm(ben_, only(lea_)).status, 204);
  // Another setting is made stronger meanwhile.
  EXPECT_EQ(set_policy(ann_, {{"links", "forbidden"}}).status, 200);
  pass(hours(72));
  EXPECT_EQ(policy()["recovery_delay_ms_min"], 3'600'000);
  EXPECT_EQ(policy()["links"], "forbidden");
  EXPECT_EQ(policy()["link_opens_max"], 3);
  EXPECT_EQ(set_policy(ann_, {{"link_opens_max", nullptr}}).status, 400) << "not a value";
  json open = policy();
  open.erase("link_opens_max");
  EXPECT_EQ(ask("policy.replace", open, ann_.token).body["link_opens_max"], 3);
  EXPECT_EQ(waiting(lea_)[0]["settings"][0]["value"], "none");
}

TEST_F(ProposalTest, TheDelayItselfIsMadeShorterByItsOwnLength) {
  EXPECT_EQ(set_policy(ann_, {{"proposal_delay_ms_min", 3'600'000}}).status, 200);
  EXPECT_EQ(confirm(ben_, only(lea_)).status, 204);
  pass(hours(71));
  EXPECT_EQ(policy()["proposal_delay_ms_min"], 259'200'000);
  pass(hours(1));
  EXPECT_EQ(policy()["proposal_delay_ms_min"], 3'600'000);
  EXPECT_EQ(set_policy(ann_, {{"proposal_delay_ms_min", 3'599'999}}).status, 400);
  EXPECT_EQ(set_policy(ann_, {{"proposal_delay_ms_min", 2'592'000'001}}).status, 400)
      << "nothing could ever be changed any more";
}

// As a client of 0.1.0 sends it.
TEST_F(ProposalTest, AnOlderClientsPolicyLeavesTheDelayAsItIs) {
  ASSERT_EQ(set_policy(ann_, {{"proposal_delay_ms_min", 500'000'000}}).status, 200);
  json next = policy();
  next.erase("proposal_delay_ms_min");
  next["links"] = "forbidden";
  EXPECT_EQ(ask("policy.replace", next, ann_.token).body["proposal_delay_ms_min"], 500'000'000);
  EXPECT_TRUE(waiting(lea_).empty());
}

TEST_F(ProposalTest, AWeakerPolicyThatFitsNoMoreEnds) {
  EXPECT_EQ(set_policy(ann_, {{"parcel_lifetime_ms_default", 2'000'000'000}}).status, 200);
  EXPECT_EQ(confirm(ben_, only(lea_)).status, 204);
  EXPECT_EQ(set_policy(ann_, {{"parcel_lifetime_ms_max", 1'000'000'000}}).status, 200);
  pass(hours(72));
  EXPECT_EQ(policy()["parcel_lifetime_ms_default"], 604'800'000);
  EXPECT_EQ(events()["proposal_withdrawn"], 1);
}

TEST_F(ProposalTest, EverySettingHasItsDirection) {
  std::set<std::string> named;
  for (const PolicyField& field : policy_fields())
    EXPECT_TRUE(named.emplace(field.name).second) << field.name;
  json all = policy_json(catalog::Policy{.link_opens_max = 1});
  all.erase("revision");
  std::set<std::string> there;
  for (const auto& [name, value] : all.items()) there.insert(name);
  EXPECT_EQ(named, there);
}

TEST_F(ProposalTest, TheWeakerDirectionOfEachSettingIsWhatItSays) {
  struct Row {
    const char* name;
    json one, other;
    int weaker;  // 1: other; -1: one; 2: either; 0: none
  };
  const Row rows[] = {
      {"parcel_lifetime_ms_default", 86'400'000, 90'000'000, 1},
      {"parcel_lifetime_ms_max", 700'000'000, 800'000'000, 1},
      {"parcel_size_bytes_max", 1, 2, 0},
      {"account_quota_bytes_max", 1, 2, 0},
      {"link_opens_max", 1, 2, 1},
      {"links", "allowed", "forbidden", -1},
      {"link_passphrase", "optional", "required", -1},
      {"recipient_domains", {"a.example"}, {"a.example", "b.example"}, 1},
      {"recipient_domains", {"a.example"}, json::array(), 1},
      {"recipient_domains", {"a.example"}, {"b.example"}, 2},
      {"record_retention_ms", 90'000'000, 86'400'000, 1},
      {"session_lifetime_ms_max", 4'000'000, 5'000'000, 1},
      {"session_idle_ms_max", 400'000, 500'000, 1},
      {"recovery_delay_ms_min", 4'000'000, 3'600'000, 1},
      {"lockdown_halves", "unusable", "destroyed", -1},
      {"proposal_delay_ms_min", 4'000'000, 3'600'000, 1},
  };
  const auto with = [](const char* name, const json& value) {
    return must(weakened_policy({}, {{name, value}}));
  };
  for (const Row& row : rows) {
    const catalog::Policy one = with(row.name, row.one);
    const catalog::Policy other = with(row.name, row.other);
    const bool there = must(split_policy(one, other)).weaker.contains(row.name);
    const bool back = must(split_policy(other, one)).weaker.contains(row.name);
    EXPECT_EQ(there, row.weaker == 1 || row.weaker == 2) << row.name;
    EXPECT_EQ(back, row.weaker == -1 || row.weaker == 2) << row.name;
  }
}

}  // namespace
}  // namespace sealift::server::vault
