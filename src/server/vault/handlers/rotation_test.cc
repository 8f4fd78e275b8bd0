// account.rotate: the next keys and all ways in, in one step, and for nobody but their owner.
#include <gtest/gtest.h>

#include "parcel/retirement.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class RotationTest : public VaultTest {
 protected:
  json slots() { return ask("slot.list", nullptr, lea_.token).body["slots"]; }
  json slot_of(const std::string& kind) {
    for (const json& each : slots())
      if (each["kind"] == kind) return each;
    return nullptr;
  }
  parcel::DirectoryKey text_of(const json& key, const crypto::Ed25519Secret& signing) {
    parcel::DirectoryKey text{.generation = key["generation"], .recipient = key["recipient"]};
    std::ranges::copy(*base::hex_decode(lea_.id), text.account.begin());
    text.signing_key = signing.public_key();
    return text;
  }
  // Endorsed by the generation before, and by `paper` where there is one.
  json next_key(std::uint64_t generation, const crypto::Ed25519Secret& signing,
                const crypto::Ed25519Secret& before, const crypto::Ed25519Secret* paper,
                const crypto::Ed25519Secret& endorsing) {
    json key = key_json(generation, signing);
    const auto text = text_of(key, signing);
    key["endorsement"] = base64(parcel::endorse_directory_key(text, before));
    key["endorsing_key"] = base64(endorsing.public_key());
    if (paper != nullptr)
      key["countersignature"] =
          base64(parcel::countersign_directory_key(text, endorsing.public_key(), *paper));
    return key;
  }
  json sealed_again(const std::string& kind, std::uint64_t generation) {
    const json slot = slot_of(kind);
    json replacement = slot_json(kind);
    replacement["generation"] = generation;
    return {{"slot", slot["id"]},
            {"expected_revision", slot["revision"]},
            {"replacement", replacement}};
  }
  json rotation(const json& key) {
    const std::uint64_t generation = key["generation"];
    return {
        {"key", key},
        {"slots", {sealed_again("password", generation), sealed_again("paper_key", generation)}}};
  }

  Person lea_ = enrolled("lea@region.example");
  const crypto::Ed25519Secret second_ = crypto::Ed25519Secret::generate(random_);
  const crypto::Ed25519Secret third_ = crypto::Ed25519Secret::generate(random_);
  const crypto::Ed25519Secret paper_ = crypto::Ed25519Secret::generate(random_);
};

TEST_F(RotationTest, KeysAndWaysInChangeInOneStep) {
  ASSERT_EQ(ask("slot.add", slot_json("trusted_browser"), lea_.token).status, 201);
  const std::string other = log_in(lea_).body["token"];
  const auto mails_before = mails();
  const json asked = rotation(next_key(2, second_, lea_.signing_key, nullptr, paper_));
  const Told done = ask("account.rotate", asked, lea_.token);
  ASSERT_EQ(done.status, 201) << done.body;
  EXPECT_EQ(done.body["key"]["generation"], 2);
  EXPECT_EQ(slots().size(), 2U) << "the one that wasn't sealed again has ended";
  for (const json& each : slots()) EXPECT_EQ(each["generation"], 2);
  EXPECT_EQ(ask("account.read", nullptr, other).status, 401) << "other logins have ended";
  EXPECT_EQ(ask("account.read", nullptr, lea_.token).status, 200);
  EXPECT_EQ(log_in(lea_).status, 201) << "the password is the same";
  EXPECT_EQ(mails(), mails_before + 1);
  EXPECT_EQ(events()["key_published"], 2);
}

TEST_F(RotationTest, WithAnEndorsingKeyTheSigningKeyAloneIsNotEnough) {
  ASSERT_EQ(ask("account.rotate", rotation(next_key(2, second_, lea_.signing_key, nullptr, paper_)),
                lea_.token)
                .status,
            201);
  const auto refused = [&](const json& key) {
    for (const char* operation : {"account.rotate", "account.publish_key"}) {
      const bool is_rotation = std::string_view(operation) == "account.rotate";
      const Told told = ask(operation, is_rotation ? rotation(key) : key, lea_.token);
      EXPECT_EQ(told.status, 403) << told.body;
      EXPECT_EQ(told.body["reason"], "key_not_countersigned");
    }
  };
  json key = next_key(3, third_, second_, nullptr, paper_);
  refused(key);
  key.erase("endorsing_key");
  refused(key);
  refused(next_key(3, third_, second_, &second_, paper_));
  refused(next_key(3, third_, second_, &third_, third_));
  json swapped = next_key(3, third_, second_, &paper_, paper_);
  swapped["endorsing_key"] = base64(third_.public_key());
  refused(swapped);
  EXPECT_EQ(
      ask("account.rotate", rotation(next_key(3, third_, second_, &paper_, third_)), lea_.token)
          .status,
      201)
      << "else this test refuses everything";
}

// Who copied a profile has the login and the signing key, and would choose a password with them.
TEST_F(RotationTest, ToTheKeyThatIsThereIsNoRotation) {
  const json told = ask("directory.history", nullptr, lea_.token, {lea_.id}).body["entries"][0];
  const json key = {{"generation", 1},
                    {"recipient", told["key"]["recipient"]},
                    {"signing_key", told["key"]["signing_key"]}};
  const json before = slots();
  const Told refused = ask("account.rotate", rotation(key), lea_.token);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_EQ(slots(), before);
  EXPECT_EQ(log_in(lea_).status, 201);
}

TEST_F(RotationTest, WhereEarlierKeysEndIsSignedByTheNewOnes) {
  const log::TreeHead end{.size = 5};
  json key = next_key(2, second_, lea_.signing_key, nullptr, paper_);
  key["retirement"] = base64(parcel::sign_retirement(text_of(key, second_), end, third_));
  const Told refused = ask("account.rotate", rotation(key), lea_.token);
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(refused.body["reason"], "wrong_field");
  key["retirement"] = base64(parcel::sign_retirement(text_of(key, second_), end, second_));
  EXPECT_EQ(ask("account.rotate", rotation(key), lea_.token).status, 201);
}

TEST_F(RotationTest, IsTakenWholeOrNotAtAll) {
  const json key = next_key(2, second_, lea_.signing_key, nullptr, paper_);
  const json before = slots();
  json stale = rotation(key);
  stale["slots"][1]["expected_revision"] = 7;
  EXPECT_EQ(ask("account.rotate", stale, lea_.token).status, 409);
  json foreign = rotation(key);
  foreign["slots"][1]["slot"] = std::string(32, '0');
  EXPECT_EQ(ask("account.rotate", foreign, lea_.token).status, 404);
  json older = rotation(key);
  older["slots"][1]["replacement"]["generation"] = 1;
  EXPECT_EQ(ask("account.rotate", older, lea_.token).status, 400);
  json without = rotation(key);
  without["slots"].erase(0);
  EXPECT_EQ(ask("account.rotate", without, lea_.token).status, 400) << "no password";
  EXPECT_EQ(slots(), before);
  EXPECT_EQ(events()["key_published"], 1);
  EXPECT_EQ(ask("account.rotate", rotation(key), lea_.token).status, 201);
}

TEST_F(RotationTest, TheSameActAgainGetsTheSameAnswer) {
  std::string act;
  change_act_ = [&](std::string made) {
    if (act.empty()) act = std::move(made);
    return act;
  };
  const json asked = rotation(next_key(2, second_, lea_.signing_key, nullptr, paper_));
  const Told first = ask("account.rotate", asked, lea_.token);
  ASSERT_EQ(first.status, 201) << first.body;
  const Told again = ask("account.rotate", asked, lea_.token);
  EXPECT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(again.body["event"], first.body["event"]);
}

}  // namespace
}  // namespace sealift::server::vault
