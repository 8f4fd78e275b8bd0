// One's own account: password, keys, slots; and the directory that shows the keys to others.
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class AccountTest : public VaultTest {
 protected:
  json slots() { return ask("slot.list", nullptr, lea_.token).body["slots"]; }
  json slot_of(std::string_view kind) {
    for (const json& slot : slots()) {
      if (slot["kind"] == kind) return slot;
    }
    return nullptr;
  }
  json password_change(const std::string& present, const std::string& next) {
    const json slot = slot_of("password");
    return {{"authentication_key", present},
            {"slot", slot["id"]},
            {"expected_revision", slot["revision"]},
            {"replacement", password_slot(lea_.parameters, next)},
            {"ends", json::array()}};
  }
  json next_key(std::uint64_t generation, const crypto::Ed25519Secret& key,
                const crypto::Ed25519Secret& endorsed_by) {
    json made = key_json(generation, key);
    parcel::DirectoryKey text{.generation = generation, .recipient = made["recipient"]};
    std::ranges::copy(*base::hex_decode(lea_.id), text.account.begin());
    text.signing_key = key.public_key();
    made["endorsement"] = base64(parcel::endorse_directory_key(text, endorsed_by));
    return made;
  }

  Person lea_ = enrolled("lea@region.example");
  Person tom_ = enrolled("tom@region.example");
};

TEST_F(AccountTest, SaysWhoOneIs) {
  const json account = ask("account.read", nullptr, lea_.token).body;
  EXPECT_EQ(account["id"], lea_.id);
  EXPECT_EQ(account["address"], "lea@region.example");
  EXPECT_EQ(account["language"], "en");
  EXPECT_EQ(account["used_bytes"], 0);
  EXPECT_EQ(ask("account.set_language", {{"language", "fr"}}, lea_.token).status, 204);
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).body["language"], "fr");
  EXPECT_EQ(ask("account.set_language", {{"language", "xx"}}, lea_.token).status, 400);
}

TEST_F(AccountTest, APasswordChangesOnlyForWhoKnowsThePresentOne) {
  const std::string next = random_base64(32);
  const std::string other = log_in(lea_).body["token"];
  EXPECT_EQ(
      ask("account.change_password", password_change(random_base64(32), next), lea_.token).status,
      403);
  const json change = password_change(lea_.authentication_key, next);
  EXPECT_EQ(ask("account.change_password", change, lea_.token).status, 204);
  EXPECT_EQ(ask("account.read", nullptr, other).status, 401) << "other logins end";
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).status, 200);
  EXPECT_EQ(log_in(lea_).status, 401);
  json again = change;
  again["authentication_key"] = next;
  again["replacement"] = password_change(next, random_base64(32))["replacement"];
  EXPECT_EQ(ask("account.change_password", again, lea_.token).status, 409) << "of an old device";
  lea_.authentication_key = next;
  EXPECT_EQ(log_in(lea_).status, 201);
  EXPECT_EQ(events()["slots_changed"], 1);
  EXPECT_EQ(mails(), 1U);
}

TEST_F(AccountTest, OneSeesOnesOwnSlotsAndNotTheOfficers) {
  ASSERT_EQ(slots().size(), 2U);
  const json paper = slot_of("paper_key");
  ASSERT_TRUE(paper.is_object());
  EXPECT_TRUE(paper["file"].get<std::string>().starts_with("YWdlLWVuY3J5cHRpb24"));
  EXPECT_TRUE(slot_of("recovery").is_null());
  const std::string id = paper["id"];
  EXPECT_EQ(ask("slot.remove", nullptr, tom_.token, {id}).status, 404);
  EXPECT_EQ(ask("slot.remove", nullptr, lea_.token, {id}).status, 204);
  EXPECT_EQ(slots().size(), 1U);
}

TEST_F(AccountTest, TheLastWayInStays) {
  const std::string password = slot_of("password")["id"];
  EXPECT_EQ(ask("slot.remove", nullptr, lea_.token, {password}).status, 409)
      << "nothing else logs in";
  json paper = slot_json("paper_key");
  paper["authentication"] = {
      {"kind", "authentication_key"}, {"parameters", ""}, {"key", random_base64(32)}};
  now_ += std::chrono::seconds(1);
  ASSERT_EQ(ask("slot.add", paper, lea_.token).status, 201);
  EXPECT_EQ(ask("slot.remove", nullptr, lea_.token, {password}).status, 409)
      << "the new one waits a day";
  now_ += std::chrono::hours(24);
  lea_.token = log_in(lea_).body["token"];
  EXPECT_EQ(ask("slot.remove", nullptr, lea_.token, {password}).status, 204);
  lea_.authentication_key = paper["authentication"]["key"];
  EXPECT_EQ(log_in(lea_).status, 201) << "a paper key may log in";
}

TEST_F(AccountTest, SlotsAreAddedAndReplacedAsTheRulesSay) {
  EXPECT_EQ(ask("slot.add", password_slot(lea_.parameters, random_base64(32)), lea_.token).status,
            409)
      << "one password";
  EXPECT_EQ(ask("slot.add", slot_json("passkey"), lea_.token).status, 400);
  EXPECT_EQ(ask("slot.add", slot_json("recovery"), lea_.token).status, 400)
      << "each officer would open it alone";
  const Told added = ask("slot.add", slot_json("trusted_browser"), lea_.token);
  ASSERT_EQ(added.status, 201);
  const std::string id = added.body["id"];
  const auto replace = [&](std::uint64_t revision, const json& with) {
    return ask("slot.replace", {{"expected_revision", revision}, {"replacement", with}}, lea_.token,
               {id})
        .status;
  };
  const json next = slot_json("trusted_browser");
  EXPECT_EQ(replace(1, next), 204);
  EXPECT_EQ(replace(1, next), 204) << "asked again";
  EXPECT_EQ(replace(1, slot_json("trusted_browser")), 409) << "an old device overwrites nothing";
  EXPECT_EQ(replace(2, slot_json("paper_key")), 409) << "another kind";
  EXPECT_EQ(slot_of("trusted_browser")["file"], next["file"]);
  EXPECT_EQ(ask("slot.replace",
                {{"expected_revision", 1},
                 {"replacement", password_slot(lea_.parameters, random_base64(32))}},
                lea_.token, {slot_of("password")["id"].get<std::string>()})
                .status,
            400)
      << "a password changes with account.change_password";
  EXPECT_EQ(ask("slot.replace", {{"expected_revision", 1}, {"replacement", slot_json("password")}},
                lea_.token, {slot_of("password")["id"].get<std::string>()})
                .status,
            400)
      << "nor is what it opens exchanged: its owner would be locked out";
}

TEST_F(AccountTest, AKeyIsFollowedByAnEndorsedOneOnly) {
  const auto second = crypto::Ed25519Secret::generate(random_);
  json unendorsed = key_json(2, second);
  EXPECT_EQ(ask("account.publish_key", unendorsed, lea_.token).status, 403);
  EXPECT_EQ(ask("account.publish_key", next_key(2, second, second), lea_.token).status, 403);
  EXPECT_EQ(ask("account.publish_key", next_key(3, second, lea_.signing_key), lea_.token).status,
            409);
  const Told published =
      ask("account.publish_key", next_key(2, second, lea_.signing_key), lea_.token);
  ASSERT_EQ(published.status, 201) << published.body;
  EXPECT_EQ(published.body["key"]["generation"], 2);
  EXPECT_EQ(ask("account.publish_key", next_key(2, second, lea_.signing_key), lea_.token).status,
            409);
  const json history = ask("directory.history", nullptr, tom_.token, {lea_.id}).body["entries"];
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0]["key"]["generation"], 1);
  EXPECT_EQ(history[1], published.body);
  EXPECT_EQ(events()["key_published"], 3);
}

TEST_F(AccountTest, TheDirectoryGivesAKeyAndWhatTheLogSaysOfIt) {
  const Told found = ask("directory.find", {{"address", "LEA@region.example"}}, tom_.token);
  ASSERT_EQ(found.status, 200) << found.body;
  EXPECT_EQ(found.body["account"], lea_.id);
  const json statement = json::parse(base::text_of(
      *base::base64_decode(found.body["statement"].get<std::string>(), base::Padding::required)));
  parcel::DirectoryKey text{.generation = 1, .recipient = found.body["key"]["recipient"]};
  std::ranges::copy(*base::hex_decode(lea_.id), text.account.begin());
  text.signing_key = lea_.signing_key.public_key();
  EXPECT_EQ(statement["kind"], "key_published");
  EXPECT_EQ(statement["account"], lea_.id);
  EXPECT_EQ(statement["generation"], 1);
  EXPECT_EQ(statement["key"], base::hex_encode(parcel::directory_key_digest(text)));
  EXPECT_EQ(
      base::base64_decode(found.body["salt"].get<std::string>(), base::Padding::required)->size(),
      32U);
}

TEST_F(AccountTest, TheDirectoryTellsNobodyOfAccountsThatAreNotActive) {
  must(catalog_->transact([&](catalog::Records& records) {
    return records.accounts->set_state(*catalog::AccountId::of(*base::hex_decode(lea_.id)),
                                       catalog::AccountState::suspended);
  }));
  const Told suspended = ask("directory.find", {{"address", "lea@region.example"}}, tom_.token);
  const Told absent = ask("directory.find", {{"address", "nobody@region.example"}}, tom_.token);
  EXPECT_EQ(suspended.status, 404);
  EXPECT_EQ(suspended.body, absent.body);
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(ask("directory.history", nullptr, tom_.token, {lea_.id}).status, 200)
      << "what they signed stays verifiable";
  EXPECT_EQ(ask("directory.history", nullptr, tom_.token, {std::string(32, '0')}).status, 404);
  EXPECT_EQ(ask("directory.find", {{"address", "lea@region.example"}}).status, 401);
}

}  // namespace
}  // namespace sealift::server::vault
