// Enrolling, logging in and out, tokens: what they give, and what strangers learn of them.
#include <gmock/gmock.h>

#include <fstream>

#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class LoginTest : public VaultTest {
 protected:
  // With a wrong password; suspended; without an account.
  std::array<Person, 3> people_who_cannot_log_in() {
    Person wrong = enrolled("lea@region.example");
    wrong.authentication_key = random_base64(32);
    Person suspended = enrolled("tom@region.example");
    must(catalog_->transact([&](catalog::Records& records) {
      return records.accounts->set_state(*catalog::AccountId::of(*base::hex_decode(suspended.id)),
                                         catalog::AccountState::suspended);
    }));
    return {std::move(wrong), std::move(suspended),
            Person{.address = "nobody@region.example",
                   .signing_key = crypto::Ed25519Secret::generate(random_),
                   .authentication_key = random_base64(32)}};
  }
};

TEST_F(LoginTest, AnEnrolmentIsLookedAtAndThenTakenOnce) {
  const std::string token = invite("lea@region.example", {.administrator = true});
  const json offer = ask("enrolment.look", {{"token", token}}).body;
  EXPECT_EQ(offer["address"], "lea@region.example");
  EXPECT_EQ(offer["roles"]["administrator"], true);
  EXPECT_EQ(offer["recovery_officers"], json::array());
  EXPECT_EQ(ask("enrolment.look", {{"token", token}}).status, 200) << "looking takes nothing";

  const Person lea = some_person("lea@region.example");
  EXPECT_EQ(offer["parameters"], lea.parameters);
  const Told taken = ask("enrolment.take", enrolment_body(token, lea));
  ASSERT_EQ(taken.status, 201) << taken.body;
  EXPECT_EQ(taken.body["account"]["address"], "lea@region.example");
  EXPECT_EQ(taken.body["account"]["state"], "active");
  EXPECT_EQ(taken.body["session"]["kind"], "login");
  EXPECT_EQ(
      base::base64_decode(taken.body["key"].get<std::string>(), base::Padding::required)->size(),
      32U);
  EXPECT_EQ(ask("enrolment.take", enrolment_body(token, lea)).status, 404);
  EXPECT_EQ(ask("enrolment.look", {{"token", token}}).status, 404);
  EXPECT_EQ(events()["account_enrolled"], 1);
  EXPECT_EQ(events()["key_published"], 1);
  EXPECT_EQ(events()["session_begun"], 1);
  EXPECT_EQ(log_in(lea).status, 201);
}

TEST_F(LoginTest, ARefusedEnrolmentTakesNothing) {
  const std::string token = invite("lea@region.example");
  const Person lea = some_person("lea@region.example");
  const json good = enrolment_body(token, lea);
  const std::function<void(json&)> changes[] = {
      [](json& body) { body.erase("key"); },
      [](json& body) { body["slots"] = json::array(); },
      [](json& body) { body["slots"].erase(0); },
      [](json& body) { body["slots"][1]["kind"] = "password"; },
      [](json& body) { body["slots"][1]["kind"] = "recovery"; },
      [](json& body) { body["slots"][0].erase("authentication"); },
      [](json& body) { body["slots"][0]["generation"] = 2; },
      [](json& body) { body["slots"][0]["file"] = "AAAA"; },
      [](json& body) { body["slots"][0]["authentication"]["key"] = "AAAA"; },
      [&](json& body) { body["slots"][0]["authentication"]["parameters"] = random_base64(25); },
      [](json& body) { body["key"]["generation"] = 2; },
      [&](json& body) { body["key"]["endorsement"] = random_base64(64); },
      [](json& body) { body["key"]["recipient"] = "age1qqqq"; },
      [](json& body) { body["key"]["signing_key"] = std::string(43, 'A') + "="; },
      [](json& body) { body["more"] = 1; },
      [](json& body) { body["language"] = "de"; },
  };
  int number = 0;
  for (const auto& change : changes) {
    json body = good;
    change(body);
    EXPECT_EQ(ask("enrolment.take", body).status, 400) << number;
    ++number;
  }
  EXPECT_EQ(ask("enrolment.take", good).status, 201);
}

TEST_F(LoginTest, WhoLostEveryWayInEntersAnewWithALinkAndTheirOwnKey) {
  Person lea = enrolled("lea@region.example");
  const std::string old_key = lea.authentication_key;
  const json entry = ask("directory.history", nullptr, lea.token, {lea.id}).body["entries"][0];
  parcel::DirectoryKey text{.generation = 1, .recipient = entry["key"]["recipient"]};
  std::ranges::copy(*base::hex_decode(lea.id), text.account.begin());
  text.signing_key = lea.signing_key.public_key();
  const std::string token = invite("lea@region.example", {.administrator = true});
  EXPECT_EQ(ask("enrolment.look", {{"token", token}}).body["account"], lea.id);
  lea.authentication_key = random_base64(32);
  json body = enrolment_body(token, lea);
  EXPECT_EQ(ask("enrolment.take", body).status, 403) << "an administrator has the link alone";
  const auto stranger = crypto::Ed25519Secret::generate(random_);
  body["key"] = entry["key"];
  body["key"]["endorsement"] = base64(parcel::endorse_directory_key(text, stranger));
  EXPECT_EQ(ask("enrolment.take", body).status, 403);
  body["key"]["endorsement"] = base64(parcel::endorse_directory_key(text, lea.signing_key));
  const Told taken = ask("enrolment.take", body);
  ASSERT_EQ(taken.status, 201) << taken.body;
  EXPECT_EQ(taken.body["account"]["id"], lea.id);
  EXPECT_EQ(taken.body["account"]["roles"]["administrator"], false) << "roles stay";
  EXPECT_EQ(ask("account.read", nullptr, lea.token).status, 401) << "old logins end";
  EXPECT_EQ(log_in(lea).status, 201);
  lea.authentication_key = old_key;
  EXPECT_EQ(log_in(lea).status, 401);
  EXPECT_EQ(events()["slots_changed"], 1);
  EXPECT_EQ(events()["key_published"], 1) << "the key is the same";
  EXPECT_EQ(mails(), 1U);
}

TEST_F(LoginTest, ParametersAreTheSameBeforeAndAfterThereIsAnAccount) {
  const json question = {{"address", "Lea@Region.example"}};
  const Told before = ask("session.prepare", question);
  enrolled("lea@region.example");
  const Told after = ask("session.prepare", question);
  EXPECT_EQ(before.status, 200);
  EXPECT_EQ(before.body["parameters"], after.body["parameters"]);
  EXPECT_EQ(ask("session.prepare", {{"address", "lea@region.example"}}).body["parameters"],
            after.body["parameters"]);
  EXPECT_NE(ask("session.prepare", {{"address", "tom@region.example"}}).body["parameters"],
            after.body["parameters"]);
}

TEST_F(LoginTest, AWrongPasswordASuspendedAccountAndNoAccountAreToldTheSame) {
  const auto [lea, tom, nobody] = people_who_cannot_log_in();
  const Told wrong = log_in(lea);
  const Told suspended = log_in(tom);
  const Told absent = log_in(nobody);
  EXPECT_EQ(wrong.status, 401);
  for (const Told& other : {suspended, absent}) {
    EXPECT_EQ(other.status, wrong.status);
    EXPECT_EQ(other.body, wrong.body);
    EXPECT_EQ(other.head, wrong.head);
  }
  EXPECT_EQ(events()["session_begun"], 2) << "the two of enrolling";
}

// How often the catalog is asked and changed.
class CountingCatalog final : public catalog::Catalog {
 public:
  explicit CountingCatalog(catalog::Catalog& real) : real_(real) {}
  std::vector<base::Result<void>> transact_batch(std::span<const catalog::Work> batch) override {
    works += batch.size();
    return real_.transact_batch(batch);
  }
  base::Result<void> read_work(const catalog::ReadWork& work) override {
    ++reads;
    return real_.read_work(work);
  }
  base::Result<base::UnixTime> advance_clock(base::UnixTime now) override {
    return real_.advance_clock(now);
  }
  base::Result<bool> is_sound() override { return real_.is_sound(); }
  base::Result<void> scrub() override { return real_.scrub(); }
  base::Result<void> back_up_to(const std::string& path) override { return real_.back_up_to(path); }

  std::size_t reads = 0;
  std::size_t works = 0;

 private:
  catalog::Catalog& real_;
};

TEST_F(LoginTest, AFailedLoginIsTheSameWorkForEveryAddress) {
  const auto [lea, tom, nobody] = people_who_cannot_log_in();
  CountingCatalog counting(*catalog_);
  catalog::CommitQueue commits(counting);
  Guessing guessing(counting, commits, keys_);
  Services services{counting, commits, blobs_,   keys_,         random_,
                    notary_,  log_,    guessing, upload_locks_, settings_};
  services.directory = directory_.get();
  const Operation& operation = *find_operation("session.begin");
  const auto work_of = [&](const Person& person) {
    counting.reads = counting.works = 0;
    AskFrame frame;
    frame.operation = static_cast<std::uint16_t>(&operation - operations().data());
    frame.peer = peer_;
    const json body = {{"address", person.address},
                       {"authentication_key", person.authentication_key}};
    frame.body = base::copy_of(base::bytes_of(body.dump()));
    const auto answer = find_handler(frame.operation)(
        services, Ask{.operation = operation, .frame = frame, .caller = {}, .now = now_});
    EXPECT_FALSE(answer);
    return std::pair(counting.reads, counting.works);
  };
  const auto wrong = work_of(lea);
  EXPECT_GT(wrong.first, 0U);
  EXPECT_GT(wrong.second, 0U);
  EXPECT_EQ(work_of(tom), wrong) << "suspended";
  EXPECT_EQ(work_of(nobody), wrong) << "no account";
}

TEST_F(LoginTest, GuessersWaitWhetherThereIsAnAccountOrNot) {
  Person lea = enrolled("lea@region.example");
  const std::string right = lea.authentication_key;
  lea.authentication_key = random_base64(32);
  const Person nobody{.address = "nobody@region.example",
                      .signing_key = crypto::Ed25519Secret::generate(random_),
                      .authentication_key = random_base64(32)};
  std::vector<int> of_lea;
  std::vector<int> of_nobody;
  for (int i = 0; i < 8; ++i) {
    peer_[0] = std::byte{0x20};
    of_lea.push_back(log_in(lea).status);
    peer_[0] = std::byte{0x21};
    of_nobody.push_back(log_in(nobody).status);
  }
  EXPECT_EQ(of_lea, of_nobody);
  EXPECT_EQ(of_lea.front(), 401);
  EXPECT_EQ(of_lea.back(), 429);
  lea.authentication_key = right;
  peer_[0] = std::byte{0x20};
  EXPECT_EQ(log_in(lea).status, 429) << "from where somebody guessed";
  peer_[0] = std::byte{0x22};
  EXPECT_EQ(log_in(lea).status, 201) << "nobody is locked out by strangers";
}

TEST_F(LoginTest, WhatIsNoLoginIsMalformed) {
  const std::string key = random_base64(32);
  EXPECT_EQ(ask("session.begin", {{"address", "lea"}, {"authentication_key", key}}).status, 400);
  EXPECT_EQ(ask("session.begin", {{"address", "l@x"}, {"authentication_key", ""}}).status, 400);
  EXPECT_EQ(ask("session.begin", {{"address", ""}, {"authentication_key", key}}).status, 400);
  EXPECT_EQ(ask("session.begin", {{"authentication_key", key}}).status, 400);
  EXPECT_EQ(ask("session.prepare", {{"address", "a@b\r\n"}}).status, 400);
  EXPECT_EQ(ask("session.begin",
                {{"address", "l@x"}, {"authentication_key", key}, {"passkey", json::object()}})
                .status,
            501);
}

TEST_F(LoginTest, ALoginEndsByItselfAndByLoggingOut) {
  const Person lea = enrolled("lea@region.example");
  const std::string second = log_in(lea).body["token"];
  const json sessions = ask("session.list", nullptr, lea.token).body["sessions"];
  ASSERT_EQ(sessions.size(), 2U);
  const Told out = ask("session.end", nullptr, second);
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(ask("session.list", nullptr, second).status, 401);
  EXPECT_EQ(ask("session.list", nullptr, lea.token).status, 200);
  now_ += std::chrono::hours(13);
  EXPECT_EQ(ask("session.list", nullptr, lea.token).status, 401);
}

TEST_F(LoginTest, OnesOwnOtherLoginCanBeEndedAndNobodyElses) {
  const Person lea = enrolled("lea@region.example");
  const Person tom = enrolled("tom@region.example");
  const Told second = log_in(lea);
  const std::string id = second.body["session"]["id"];
  EXPECT_EQ(ask("session.end_other", nullptr, tom.token, {id}).status, 404);
  EXPECT_EQ(ask("session.end_other", nullptr, lea.token, {"xyz"}).status, 404);
  EXPECT_EQ(ask("session.end_other", nullptr, lea.token, {id}).status, 204);
  EXPECT_EQ(ask("session.end_other", nullptr, lea.token, {id}).status, 404);
  EXPECT_EQ(ask("session.list", nullptr, second.body["token"].get<std::string>()).status, 401);
  EXPECT_EQ(events()["sessions_ended"], 1);
}

TEST_F(LoginTest, ATokenDoesWhatItsScopesSayAndMakesNoToken) {
  const Person lea = enrolled("lea@region.example");
  const json wanted = {{"scopes", {"parcels_read", "account"}}, {"lifetime_ms", 3'600'000}};
  const Told issued = ask("token.issue", wanted, lea.token);
  ASSERT_EQ(issued.status, 201) << issued.body;
  const std::string token = issued.body["token"];
  EXPECT_EQ(issued.body["session"]["scopes"], json({"account", "parcels_read"}));
  EXPECT_EQ(ask("account.read", nullptr, token).status, 200);
  EXPECT_EQ(ask("directory.history", nullptr, token, {lea.id}).status, 403) << "another scope";
  EXPECT_EQ(ask("token.issue", wanted, token).status, 403);
  EXPECT_EQ(ask("token.issue", {{"scopes", json::array()}, {"lifetime_ms", 1}}, lea.token).status,
            400);
  EXPECT_EQ(ask("token.issue", {{"scopes", {"all"}}, {"lifetime_ms", 1}}, lea.token).status, 400);
  EXPECT_EQ(ask("token.issue", {{"scopes", {"account"}}, {"lifetime_ms", 0}}, lea.token).status,
            400);
  now_ += std::chrono::hours(1);
  EXPECT_EQ(ask("account.read", nullptr, token).status, 401);
  EXPECT_EQ(events()["token_issued"], 1);
}

TEST_F(LoginTest, NothingThatWasSentStandsInTheDatabaseAsItWas) {
  const Person lea = enrolled("lea@region.example");
  must(catalog_->scrub());
  std::string all;
  for (const char* name : {"/catalog.db", "/catalog.db-wal"}) {
    std::ifstream in(folder_.path() + name, std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_GT(all.size(), 10'000U);
  const auto key = *base::base64_decode(lea.authentication_key, base::Padding::required);
  const auto digest = crypto::sha256(key);
  for (const base::ByteView secret :
       {base::bytes_of("lea@region.example"), base::bytes_of(lea.token), base::ByteView(key),
        base::ByteView(digest), base::bytes_of("age-encryption.org")}) {
    EXPECT_EQ(all.find(base::text_of(secret)), std::string::npos);
  }
}

}  // namespace
}  // namespace sealift::server::vault
