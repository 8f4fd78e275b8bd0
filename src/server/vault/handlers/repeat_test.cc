// A request whose answer was lost is asked again: the same answer, and nothing done twice.
#include "server/vault/parcel_fixture.h"

namespace sealift::server::vault {
namespace {

class RepeatTest : public ParcelTest {
 protected:
  // Asks twice; the answers are the same, and so is how often each event stands in the record.
  Told twice(std::string_view operation, const json& body, const std::string& token,
             const std::vector<std::string>& names = {}) {
    const Told first = ask(operation, body, token, names);
    const auto recorded = events();
    const auto sent = mails();
    now_ += std::chrono::seconds(1);
    const Told second = ask(operation, body, token, names);
    EXPECT_EQ(second.status, first.status) << operation << second.body.dump();
    EXPECT_EQ(second.body, first.body) << operation;
    EXPECT_EQ(events(), recorded) << operation;
    EXPECT_EQ(mails(), sent) << operation;
    return first;
  }
  json parcel_for_nobody() { return new_parcel(json::array()); }
};

TEST_F(RepeatTest, AParcelIsBegunAndRecalledOnce) {
  const Person sender = enrolled("sender@example.org");
  const Person other = enrolled("other@example.org");
  const json parcel = parcel_for_nobody();
  EXPECT_EQ(twice("parcel.create", parcel, sender.token).status, 201);
  EXPECT_EQ(ask("parcel.create", parcel, other.token).status, 409) << "somebody else's id";
  json another = parcel;
  another["receipt"] = "on_open";
  EXPECT_EQ(ask("parcel.create", another, sender.token).status, 409) << "another parcel";
  EXPECT_EQ(twice("parcel.recall", nullptr, sender.token, {parcel["id"]}).status, 204);
  EXPECT_EQ(ask("parcel.create", parcel, sender.token).status, 409) << "it has ended";
}

TEST_F(RepeatTest, ATokenIsTheSameForTheSameRepeatKeyAndNoOther) {
  const Person person = enrolled("person@example.org");
  const json wish = {{"scopes", {"metrics"}}, {"lifetime_ms", 60'000}};
  repeat_ = make_token(random_).text;
  const Told first = twice("token.issue", wish, person.token);
  ASSERT_EQ(first.status, 201);
  EXPECT_NE(first.body["token"], repeat_) << "it is derived, not taken";
  repeat_ = make_token(random_).text;
  EXPECT_NE(ask("token.issue", wish, person.token).body["token"], first.body["token"]);
  repeat_.clear();
  EXPECT_NE(ask("token.issue", wish, person.token).body["token"],
            ask("token.issue", wish, person.token).body["token"]);
}

TEST_F(RepeatTest, SomebodyElsesRepeatKeyGivesNobodyTheirToken) {
  const Person person = enrolled("person@example.org");
  const Person thief = enrolled("thief@example.org");
  const json wish = {{"scopes", {"metrics"}}, {"lifetime_ms", 60'000}};
  repeat_ = make_token(random_).text;
  const Told mine = ask("token.issue", wish, person.token);
  const Told theirs = ask("token.issue", wish, thief.token);
  ASSERT_EQ(theirs.status, 201);
  EXPECT_NE(theirs.body["token"], mine.body["token"]);
}

TEST_F(RepeatTest, AKeyIsPublishedOnce) {
  const Person person = enrolled("person@example.org");
  const auto next_key = crypto::Ed25519Secret::generate(random_);
  json key = key_json(2, next_key);
  const parcel::DirectoryKey text{catalog::AccountId::of(*base::hex_decode(person.id))->bytes, 2,
                                  key["recipient"], next_key.public_key()};
  key["endorsement"] = base64(parcel::endorse_directory_key(text, person.signing_key));
  ASSERT_EQ(ask("account.publish_key", key, person.token).status, 201);
  const auto recorded = events();
  EXPECT_EQ(ask("account.publish_key", key, person.token).status, 409)
      << "by another act: only the same one is a repetition";
  EXPECT_EQ(events(), recorded);
}

TEST_F(RepeatTest, ASlotIsAddedAndReplacedOnce) {
  const Person person = enrolled("person@example.org");
  const json slot = slot_json("paper_key");
  const Told added = twice("slot.add", slot, person.token);
  ASSERT_EQ(added.status, 201);
  const json change = {{"expected_revision", 0}, {"replacement", slot_json("paper_key")}};
  const Told slots = ask("slot.list", nullptr, person.token);
  for (const json& each : slots.body["slots"]) {
    if (each["id"] != added.body["id"]) continue;
    json expected = change;
    expected["expected_revision"] = each["revision"];
    EXPECT_EQ(twice("slot.replace", expected, person.token, {added.body["id"]}).status, 204);
  }
}

TEST_F(RepeatTest, APasswordIsChangedOnce) {
  Person person = enrolled("person@example.org");
  std::string id;
  std::uint64_t revision = 0;
  const Told slots = ask("slot.list", nullptr, person.token);
  for (const json& each : slots.body["slots"]) {
    if (each["kind"] != "password") continue;
    id = each["id"];
    revision = each["revision"];
  }
  const std::string next_key = random_base64(32);
  const json change = {{"authentication_key", person.authentication_key},
                       {"slot", id},
                       {"expected_revision", revision},
                       {"replacement", password_slot(person.parameters, next_key)},
                       {"ends", json::array()}};
  EXPECT_EQ(twice("account.change_password", change, person.token).status, 204);
  person.authentication_key = next_key;
  EXPECT_EQ(log_in(person).status, 201);
}

TEST_F(RepeatTest, APolicyIsReplacedOnce) {
  const Person admin = enrolled("admin@example.org", {.administrator = true});
  json policy = ask("policy.read", nullptr, admin.token).body;
  policy["link_opens_max"] = 7;
  EXPECT_EQ(twice("policy.replace", policy, admin.token).status, 200);
  policy["link_opens_max"] = 8;
  EXPECT_EQ(ask("policy.replace", policy, admin.token).status, 409) << "of the old revision";
}

TEST_F(RepeatTest, ALinkIsMadeAndEndedOnce) {
  const Person sender = enrolled("sender@example.org");
  const json parcel = parcel_for_nobody();
  ASSERT_EQ(ask("parcel.create", parcel, sender.token).status, 201);
  const json wish = new_link();
  const Told link = twice("link.create", wish, sender.token, {parcel["id"]});
  ASSERT_EQ(link.status, 201);
  EXPECT_EQ(twice("link.revoke", nullptr, sender.token, {parcel["id"], link.body["id"]}).status,
            204);
}

TEST_F(RepeatTest, ARequestIsMadeAndClosedOnce) {
  const Person owner = enrolled("owner@example.org");
  const json wish = {{"id", json_of(catalog::RequestId{random_.array<16>()})},
                     {"verifier", random_base64(32)},
                     {"generation", 1},
                     {"sealed_title", random_base64(40)},
                     {"size_bytes_max", 1000},
                     {"lifetime_ms", 0}};
  EXPECT_EQ(twice("request.create", wish, owner.token).status, 201);
  EXPECT_EQ(twice("request.close", nullptr, owner.token, {wish["id"]}).status, 204);
}

}  // namespace
}  // namespace sealift::server::vault
