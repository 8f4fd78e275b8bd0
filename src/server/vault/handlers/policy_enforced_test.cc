// The policy is kept to, up to each of its borders and not beyond; what it refuses changes nothing.
#include "server/vault/parcel_fixture.h"
#include "server/vault/proposals_for_test.h"
#include "server/vault/reaper.h"

namespace sealift::server::vault {
namespace {

constexpr std::uint64_t kDay = 86'400'000;

class PolicyEnforcedTest : public ParcelTest {
 protected:
  // The policy of a new server, with these rules of our own.
  void set_policy(const json& rules) {
    json next = first_policy_;
    if (rules.is_object()) next.update(rules);
    next["revision"] = ask("policy.read", nullptr, admin_.token).body["revision"];
    ASSERT_EQ(ask("policy.replace", next, admin_.token).status, 200) << rules;
    make_waiting_changes(services_, now_);
  }
  void set_quota(const json& quota) {
    ASSERT_EQ(ask("admin.set_quota", quota, admin_.token, {lea_.id}).status, 204);
  }
  std::string begun(const json& recipients = json::array()) {
    const Told made = ask("parcel.create", new_parcel(recipients), lea_.token);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.body.value("id", "");
  }
  // One whose two parts are there, sealed to three.
  std::string whole(const json& recipients) {
    std::string parcel = begun(recipients);
    for (const char* part : {"content", "manifest"}) {
      EXPECT_EQ(put_part(lea_, parcel, part, 3).status, 204);
    }
    EXPECT_EQ(ask("parcel.complete", nullptr, lea_.token, {parcel}).status, 200);
    return parcel;
  }
  std::uint64_t used_bytes() {
    return ask("account.read", nullptr, lea_.token).body.value("used_bytes", std::uint64_t{0});
  }
  // Room for the next.
  void recall_all() {
    const json sent = ask("parcel.list_sent", nullptr, lea_.token).body["parcels"];
    for (const json& each : sent) {
      if (each["state"] != "uploading" && each["state"] != "whole") continue;
      EXPECT_EQ(ask("parcel.recall", nullptr, lea_.token, {each["id"]}).status, 204);
    }
    must(remove_doomed(services_));
  }

  // ---- what the rules are about

  Told send_for(std::uint64_t lifetime_ms) {
    return ask("parcel.create", new_parcel(json::array({recipient(tom_)}), lifetime_ms),
               lea_.token);
  }
  Told send_to(const Person& person) {
    return ask("parcel.create", new_parcel(json::array({recipient(person)})), lea_.token);
  }
  // To a parcel that went to Tom before.
  Told add(const Person& person) {
    const std::string parcel = whole(json::array({recipient(tom_)}));
    const std::string sealed = base64(header(3));
    return ask("parcel.change_recipients",
               {{"expected_revision", 1},
                {"headers", json::array({{{"part", "content"}, {"header", sealed}},
                                         {{"part", "manifest"}, {"header", sealed}}})},
                {"add", json::array({recipient(person)})}},
               lea_.token, {parcel});
  }
  Told upload(std::uint64_t payload_bytes) { return begin_upload(lea_, begun(), payload_bytes); }
  Told upload_beside(std::size_t manifest_bytes, std::uint64_t payload_bytes) {
    const std::string parcel = begun();
    EXPECT_EQ(put_part(lea_, parcel, "manifest", 1, manifest_bytes).status, 204);
    return begin_upload(lea_, parcel, payload_bytes);
  }
  Told put(std::size_t payload_bytes) {
    return put_part(lea_, begun(), "manifest", 1, payload_bytes);
  }
  Told link(const json& wishes) {
    json wanted = new_link();
    if (wishes.is_object()) wanted.update(wishes);
    return ask("link.create", wanted, lea_.token, {begun()});
  }

  Person admin_ = enrolled("admin@region.example", {.administrator = true});
  Person lea_ = enrolled("lea@region.example");
  Person tom_ = enrolled("tom@region.example");
  Person ann_ = enrolled("ann@hospital.example");
  Person sub_ = enrolled("sam@ward.region.example");
  json first_policy_ = ask("policy.read", nullptr, admin_.token).body;
};

TEST_F(PolicyEnforcedTest, EveryRuleHoldsAtItsBorder) {
  const json days = {{"parcel_lifetime_ms_default", kDay}, {"parcel_lifetime_ms_max", 2 * kDay}};
  const json size = {{"parcel_size_bytes_max", 200}};
  const json domain = {{"recipient_domains", {"region.example"}}};
  const json two = {{"recipient_domains", {"hospital.example", "region.example"}}};
  const json passphrase = {{"link_passphrase", "required"}};
  const json opens = {{"link_opens_max", 3}};
  const json quota = {{"account_quota_bytes_max", 200}};
  const struct {
    const char* what;
    json policy;
    std::function<Told()> ask;
    int status;
    const char* code = "";
  } rows[] = {
      {"the longest lifetime", days, [&] { return send_for(2 * kDay); }, 201},
      {"a lifetime too long", days, [&] { return send_for(2 * kDay + 1); }, 403, "forbidden"},
      {"no wish of a lifetime", days, [&] { return send_for(0); }, 201},
      {"the largest parcel", size, [&] { return upload(200); }, 201},
      {"a parcel too large", size, [&] { return upload(201); }, 413, "limit"},
      {"the largest part", size, [&] { return put(200); }, 204},
      {"a part too large", size, [&] { return put(201); }, 413, "limit"},
      {"the largest sum", size, [&] { return upload_beside(50, 150); }, 201},
      {"a sum too large", size, [&] { return upload_beside(50, 151); }, 413, "limit"},
      {"any domain", {}, [&] { return send_to(ann_); }, 201},
      {"its domain", domain, [&] { return send_to(tom_); }, 201},
      {"another domain", domain, [&] { return send_to(ann_); }, 403, "forbidden"},
      {"a domain below", domain, [&] { return send_to(sub_); }, 403, "forbidden"},
      {"one of two domains", two, [&] { return send_to(ann_); }, 201},
      {"neither of two domains", two, [&] { return send_to(sub_); }, 403, "forbidden"},
      {"one more of its domain", domain, [&] { return add(lea_); }, 200},
      {"one more of another", domain, [&] { return add(ann_); }, 403, "forbidden"},
      {"one more below", domain, [&] { return add(sub_); }, 403, "forbidden"},
      {"a link", {}, [&] { return link({}); }, 201},
      {"a link forbidden", {{"links", "forbidden"}}, [&] { return link({}); }, 403, "forbidden"},
      {"no passphrase", passphrase, [&] { return link({}); }, 403, "forbidden"},
      {"a passphrase", passphrase,
       [&] {
         return link({{"passphrase", "needed"}});
       },
       201},
      {"the most openings", opens,
       [&] {
         return link({{"opens_max", 3}});
       },
       201},
      {"too many openings", opens,
       [&] {
         return link({{"opens_max", 4}});
       },
       403, "forbidden"},
      {"any number of openings", opens, [&] { return link({}); }, 403, "forbidden"},
      {"any number, without a rule", {}, [&] { return link({}); }, 201},
      {"below the quota", quota, [&] { return upload(199); }, 201},
      {"at the quota", quota, [&] { return upload(200); }, 201},
      {"above the quota", quota, [&] { return upload(201); }, 413, "over_quota"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    set_policy(row.policy);
    set_quota(json::object());
    const Told told = row.ask();
    EXPECT_EQ(told.status, row.status) << told.body;
    if (row.status >= 400) {
      EXPECT_EQ(told.code(), row.code);
    }
    recall_all();
    EXPECT_EQ(used_bytes(), 0U);
  }
}

TEST_F(PolicyEnforcedTest, ALifetimeThatNobodyWishedForIsThePolicys) {
  set_policy({{"parcel_lifetime_ms_default", kDay}, {"parcel_lifetime_ms_max", 2 * kDay}});
  const json parcel = send_for(0).body;
  EXPECT_EQ(parcel["expires"].get<std::uint64_t>(), json_of(now_) + kDay);
  json wanted = new_link();
  wanted["lifetime_ms"] = 5 * kDay;
  const Told link = ask("link.create", wanted, lea_.token, {parcel["id"]});
  ASSERT_EQ(link.status, 201);
  EXPECT_EQ(link.body["expires"], parcel["expires"]) << "no longer than its parcel";
}

TEST_F(PolicyEnforcedTest, AnExpiryIsChangedWithinThePolicyCountedFromTheSending) {
  set_policy({{"parcel_lifetime_ms_default", kDay}, {"parcel_lifetime_ms_max", 3 * kDay}});
  // Nobody is away for so long that a login ends.
  const auto pass = [&](int hours) {
    for (int half_hour = 0; half_hour < 2 * hours; ++half_hour) {
      now_ += std::chrono::minutes(30);
      for (const Person* each : {&lea_, &tom_, &admin_})
        EXPECT_EQ(ask("account.read", nullptr, each->token).status, 200);
    }
  };
  const base::UnixTime sent = now_;
  const std::string parcel = whole(json::array({recipient(tom_)}));
  json short_link = new_link();
  short_link["lifetime_ms"] = kDay / 2;
  ASSERT_EQ(ask("link.create", short_link, lea_.token, {parcel}).status, 201);
  ASSERT_EQ(ask("link.create", new_link(), lea_.token, {parcel}).status, 201);
  const auto change = [&](std::uint64_t lifetime_ms, const Person& who) {
    return ask("parcel.change_expiry", {{"lifetime_ms", lifetime_ms}}, who.token, {parcel});
  };
  const auto link_days = [&] {
    const json links = ask("link.list", nullptr, lea_.token, {parcel}).body["links"];
    std::vector<double> all;
    for (const json& each : links)
      all.push_back((each["expires"].get<double>() - static_cast<double>(json_of(sent))) / kDay);
    return all;
  };
  pass(6);
  const Told later = change(2 * kDay, lea_);
  ASSERT_EQ(later.status, 200) << later.body;
  EXPECT_EQ(later.body["expires"].get<std::uint64_t>(), json_of(sent) + kDay / 4 + 2 * kDay);
  EXPECT_EQ(link_days(), (std::vector<double>{0.5, 2.25})) << "its own time, and the parcel's";
  EXPECT_EQ(change(11 * kDay / 4, lea_).status, 200) << "three days from the sending";
  const Told too_late = change(11 * kDay / 4 + 1, lea_);
  EXPECT_EQ(too_late.body.value("reason", ""), "policy_lifetime") << too_late.body;
  EXPECT_EQ(too_late.body["facts"]["asked_ms"], 4 * kDay);
  EXPECT_EQ(change(0, lea_).code(), "malformed");
  EXPECT_EQ(change(kDay, tom_).status, 404) << "a recipient is not the sender";
  EXPECT_EQ(change(kDay / 2, lea_).status, 200);
  EXPECT_EQ(link_days(), (std::vector<double>{0.5, 0.75}));
  set_policy({{"parcel_lifetime_ms_default", kDay / 4}, {"parcel_lifetime_ms_max", kDay / 4}});
  EXPECT_EQ(change(kDay / 8, lea_).status, 200) << "sooner is always allowed";
  EXPECT_EQ(link_days(), (std::vector<double>{0.375, 0.375})) << "no link outlives its parcel";
  EXPECT_EQ(change(kDay / 2, lea_).status, 403);
  pass(3);
  EXPECT_EQ(change(1, lea_).body.value("reason", ""), "parcel_ended");
  EXPECT_EQ(ask("parcel.open", nullptr, tom_.token, {parcel}).status, 404);
}

TEST_F(PolicyEnforcedTest, ASenderIsNamedToRecipientsUntilTheAccountIsClosed) {
  const std::string parcel = whole(json::array({recipient(tom_)}));
  const auto received = [&] {
    return ask("parcel.list_received", nullptr, tom_.token).body["parcels"].at(0);
  };
  EXPECT_EQ(received()["sender_address"], "lea@region.example");
  EXPECT_EQ(ask("parcel.read", nullptr, tom_.token, {parcel}).body["sender_address"],
            "lea@region.example");
  EXPECT_FALSE(ask("parcel.list_sent", nullptr, lea_.token)
                   .body["parcels"]
                   .at(0)
                   .contains("sender_address"));
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(records.accounts->set_state(
        *catalog::AccountId::of(*base::hex_decode(lea_.id)), catalog::AccountState::closed));
    return {};
  }));
  EXPECT_FALSE(ask("parcel.read", nullptr, tom_.token, {parcel}).body.contains("sender_address"));
}

TEST_F(PolicyEnforcedTest, ARecipientThatThePolicyRefusesChangesNothing) {
  set_policy({{"recipient_domains", {"region.example"}}});
  const std::string parcel = whole(json::array({recipient(tom_)}));
  const json before = ask("parcel.read", nullptr, lea_.token, {parcel}).body;
  const auto header_before =
      look([&](const catalog::Records& records) {
        return records.parcels->part(*catalog::ParcelId::of(*base::hex_decode(parcel)),
                                     catalog::Part::content);
      })->header;
  const auto recorded = events();
  const auto letters = mails();
  const json change = {
      {"expected_revision", 1},
      {"headers", json::array({{{"part", "content"}, {"header", base64(header(3))}}})},
      {"add", json::array({recipient(ann_)})}};
  EXPECT_EQ(ask("parcel.change_recipients", change, lea_.token, {parcel}).status, 403);
  EXPECT_EQ(ask("parcel.read", nullptr, lea_.token, {parcel}).body, before);
  EXPECT_EQ(look([&](const catalog::Records& records) {
              return records.parcels->part(*catalog::ParcelId::of(*base::hex_decode(parcel)),
                                           catalog::Part::content);
            })->header,
            header_before);
  EXPECT_EQ(events(), recorded);
  EXPECT_EQ(mails(), letters);
}

TEST_F(PolicyEnforcedTest, AQuotaIsExactAndComesBackAfterRecall) {
  set_policy({{"account_quota_bytes_max", 1000}});
  const std::string first = begun();
  EXPECT_EQ(begin_upload(lea_, first, 400).status, 201);
  EXPECT_EQ(upload(601).code(), "over_quota");
  EXPECT_EQ(upload(600).status, 201);
  EXPECT_EQ(used_bytes(), 1000U);
  EXPECT_EQ(upload(33).code(), "over_quota");
  EXPECT_EQ(
      begin_upload(
          tom_,
          ask("parcel.create", new_parcel(json::array({recipient(lea_)})), tom_.token).body["id"],
          1000)
          .status,
      201)
      << "everyone has their own";
  set_quota({{"quota_bytes_max", 1033}});
  EXPECT_EQ(upload(34).code(), "over_quota");
  EXPECT_EQ(upload(33).status, 201) << "an account's own quota stands before the policy's";
  EXPECT_EQ(ask("parcel.recall", nullptr, lea_.token, {first}).status, 204);
  EXPECT_EQ(upload(33).code(), "over_quota") << "the bytes are still there";
  EXPECT_EQ(must(remove_doomed(services_)), 1U);
  EXPECT_EQ(used_bytes(), 633U);
  EXPECT_EQ(upload(401).code(), "over_quota");
  EXPECT_EQ(upload(400).status, 201);
}

TEST_F(PolicyEnforcedTest, PartsGivenInOneCallTakeRoomToo) {
  set_policy({{"account_quota_bytes_max", 100}});
  const std::string parcel = begun();
  EXPECT_EQ(put_part(lea_, parcel, "content", 1, 101).code(), "over_quota");
  EXPECT_EQ(put_part(lea_, parcel, "content", 1, 60).status, 204);
  EXPECT_EQ(put_part(lea_, parcel, "manifest", 1, 41).code(), "over_quota");
  EXPECT_EQ(put_part(lea_, parcel, "manifest", 1, 40).status, 204);
  EXPECT_EQ(used_bytes(), 100U);
  EXPECT_EQ(put_part(lea_, parcel, "manifest", 1, 40).status, 204) << "again, its answer lost";
  EXPECT_EQ(upload(33).code(), "over_quota");
  EXPECT_EQ(ask("parcel.recall", nullptr, lea_.token, {parcel}).status, 204);
  EXPECT_EQ(used_bytes(), 0U);
}

// ---- who has to be able to open it

TEST_F(PolicyEnforcedTest, AParcelIsWholeWhenEveryRecipientHasAStanzaInBothParts) {
  const json both = json::array({recipient(tom_), recipient(ann_)});
  const struct {
    std::size_t content;
    std::size_t manifest;
    int status;
  } rows[] = {{1, 2, 400}, {2, 1, 400}, {1, 1, 400}, {2, 2, 200}, {3, 2, 200}};
  for (const auto& row : rows) {
    const std::string parcel = begun(both);
    ASSERT_EQ(put_part(lea_, parcel, "content", row.content).status, 204);
    ASSERT_EQ(put_part(lea_, parcel, "manifest", row.manifest).status, 204);
    EXPECT_EQ(ask("parcel.complete", nullptr, lea_.token, {parcel}).status, row.status)
        << row.content << " " << row.manifest;
    EXPECT_EQ(ask("parcel.read", nullptr, lea_.token, {parcel}).body["state"],
              row.status == 200 ? "whole" : "uploading");
  }
}

TEST_F(PolicyEnforcedTest, ALinkNeedsAStanzaAndAParcelSomebody) {
  const std::string parcel = begun();
  ASSERT_EQ(put_part(lea_, parcel, "content", 1).status, 204);
  ASSERT_EQ(put_part(lea_, parcel, "manifest", 1).status, 204);
  const auto complete = [&] {
    return ask("parcel.complete", nullptr, lea_.token, {parcel}).status;
  };
  EXPECT_EQ(complete(), 400) << "nobody could open it";
  const Told first = ask("link.create", new_link(), lea_.token, {parcel});
  ASSERT_EQ(first.status, 201);
  ASSERT_EQ(ask("link.create", new_link(), lea_.token, {parcel}).status, 201);
  EXPECT_EQ(complete(), 400) << "two links, one stanza";
  ASSERT_EQ(ask("link.revoke", nullptr, lea_.token, {parcel, first.body["id"]}).status, 204);
  EXPECT_EQ(complete(), 200);
}

TEST_F(PolicyEnforcedTest, ANewHeaderHasToServeWhoeverMayStillOpen) {
  const std::string parcel = whole(json::array({recipient(tom_), recipient(ann_)}));
  const auto change = [&](std::uint64_t revision, std::size_t content, std::size_t manifest) {
    const json headers =
        json::array({{{"part", "content"}, {"header", base64(header(content))}},
                     {{"part", "manifest"}, {"header", base64(header(manifest))}}});
    return ask("parcel.change_recipients",
               {{"expected_revision", revision}, {"headers", headers}, {"add", json::array()}},
               lea_.token, {parcel})
        .status;
  };
  EXPECT_EQ(change(1, 1, 2), 400);
  EXPECT_EQ(change(1, 2, 1), 400);
  EXPECT_EQ(change(1, 2, 2), 200) << "the revision is still the first";
  ASSERT_EQ(ask("parcel.revoke_recipient", nullptr, lea_.token, {parcel, ann_.id}).status, 204);
  EXPECT_EQ(change(2, 1, 1), 200) << "who was revoked needs none";
}

}  // namespace
}  // namespace sealift::server::vault
