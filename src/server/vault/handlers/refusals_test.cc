// What is refused says which limit, which thing and which state it was.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "parcel/link.h"
#include "server/vault/parcel_fixture.h"
#include "server/vault/reaper.h"

namespace sealift::server::vault {
namespace {

constexpr std::uint64_t kPayload = 65552 + 16;
constexpr std::uint64_t kDayMs = 86'400'000;

class RefusalsTest : public ParcelTest {
 protected:
  std::string some_id() { return json_of(catalog::ParcelId{random_.array<16>()}); }
  std::string begun() { return begun(json::array({recipient(lea_)})); }
  std::string begun(const json& recipients) {
    return ask("parcel.create", new_parcel(recipients), lea_.token).body["id"];
  }
  std::string whole() { return whole(json::array({recipient(lea_)})); }
  std::string whole(const json& recipients) {
    const std::string parcel = begun(recipients);
    for (const char* part : {"content", "manifest"}) {
      EXPECT_EQ(put_part(lea_, parcel, part, 2).status, 204);
    }
    EXPECT_EQ(ask("parcel.complete", nullptr, lea_.token, {parcel}).status, 200);
    return parcel;
  }
  json proof(ChallengeFor what, base::ByteView id, const crypto::Ed25519Secret& key) {
    const Challenge challenge = keys_.challenge(what, id, now_);
    return {{"challenge", base64(challenge)},
            {"verifier", base64(key.public_key())},
            {"proof", base64(parcel::sign_challenge(key, challenge))}};
  }
  static catalog::ParcelId parcel_id(const std::string& text) {
    return *catalog::ParcelId::of(*base::hex_decode(text));
  }
  static void expect(const Told& told, int status, std::string_view reason) {
    EXPECT_EQ(told.status, status) << told.body;
    EXPECT_EQ(told.body.value("reason", ""), reason) << told.body;
    EXPECT_FALSE(told.body.value("sentence", "").empty());
  }

  const Person lea_ = enrolled("lea@region.example");
};

TEST_F(RefusalsTest, OfParcels) {
  expect(ask("parcel.read", nullptr, lea_.token, {some_id()}), 404, "no_parcel");
  const std::string parcel = begun();
  expect(ask("parcel.read_header", nullptr, lea_.token, {parcel, "content"}), 404, "no_part");
  expect(ask("parcel.complete", nullptr, lea_.token, {parcel}), 409, "part_missing");
  const json stranger = {{"account", some_id()}, {"generation", 1}};
  expect(ask("parcel.create", new_parcel(json::array({stranger})), lea_.token), 404,
         "no_recipient");
  const json newer = {{"account", lea_.id}, {"generation", 2}};
  expect(ask("parcel.create", new_parcel(json::array({newer})), lea_.token), 409,
         "recipient_key_changed");
  const Person max = enrolled("max@region.example");
  const Person ida = enrolled("ida@region.example");
  expect(
      ask("parcel.create", new_parcel(json::array({recipient(ida), recipient(ida)})), lea_.token),
      409, "recipient_already");
  json twice = recipient(max);
  twice["opens_max"] = 2;
  const std::string limited = whole(json::array({twice, recipient(lea_)}));
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(ask("parcel.open", nullptr, max.token, {limited}).status, 201);
  expect(ask("parcel.open", nullptr, max.token, {limited}), 404, "no_openings_left");
  expect(ask("parcel.open", nullptr, ida.token, {limited}), 404, "no_parcel");
  EXPECT_EQ(ask("parcel.recall", nullptr, lea_.token, {limited}).status, 204);
  expect(ask("parcel.open", nullptr, max.token, {limited}), 404, "no_parcel");
  EXPECT_EQ(ask("parcel.recall", nullptr, lea_.token, {parcel}).status, 204);
  expect(ask("link.create", new_link(), lea_.token, {parcel}), 409, "parcel_ended");
}

TEST_F(RefusalsTest, OfLinks) {
  const std::string parcel = whole();
  const auto key = crypto::Ed25519Secret::generate(random_);
  const json none = proof(ChallengeFor::link, parcel_id(parcel).view(), key);
  expect(ask("link.redeem", none, "", {parcel}), 404, "no_link");
  json link = new_link();
  link["verifier"] = base64(key.public_key());
  link["opens_max"] = 1;
  ASSERT_EQ(ask("link.create", link, lea_.token, {parcel}).status, 201);
  const json once = proof(ChallengeFor::link, parcel_id(parcel).view(), key);
  EXPECT_EQ(ask("link.redeem", once, "", {parcel}).status, 201);
  const json twice = proof(ChallengeFor::link, parcel_id(parcel).view(), key);
  expect(ask("link.redeem", twice, "", {parcel}), 409, "link_over");
  expect(ask("link.revoke", nullptr, lea_.token, {parcel, some_id()}), 404, "no_link");
  expect(ask("parcel.revoke_recipient", nullptr, lea_.token, {parcel, some_id()}), 404,
         "not_a_recipient");
}

TEST_F(RefusalsTest, OfRequests) {
  expect(ask("request.look", nullptr, "", {some_id()}), 404, "no_request");
  expect(ask("request.close", nullptr, lea_.token, {some_id()}), 404, "no_request");
  const auto key = crypto::Ed25519Secret::generate(random_);
  const catalog::RequestId id{random_.array<16>()};
  json request = {{"id", json_of(id)},       {"verifier", base64(key.public_key())},
                  {"generation", 2},         {"sealed_title", ""},
                  {"size_bytes_max", 1'000}, {"parcels_max", 1},
                  {"lifetime_ms", 0}};
  expect(ask("request.create", request, lea_.token), 409, "request_old_key");
  request["generation"] = 1;
  ASSERT_EQ(ask("request.create", request, lea_.token).status, 201);
  for (const int status : {201, 409}) {
    json hand_in = proof(ChallengeFor::request, id.view(), key);
    hand_in["parcel"] = some_id();
    const Told told = ask("request.hand_in", hand_in, "", {json_of(id)});
    EXPECT_EQ(told.status, status);
    if (status == 409) expect(told, 409, "request_full");
  }
}

TEST_F(RefusalsTest, OfLimits) {
  expect(ask("session.prepare", {{"address", std::string(5000, 'a')}}), 413, "body_too_large");
  for (std::size_t i = 0; i < limits::kSessionsPerAccountMax; ++i) {
    const json wish = {{"scopes", {"parcels_read"}}, {"lifetime_ms", kDayMs}};
    const Told token = ask("token.issue", wish, lea_.token);
    if (token.status != 201) expect(token, 413, "logins_max");
  }
  for (std::size_t i = 0; i < limits::kSlotsPerAccountMax; ++i) {
    const Told slot = ask("slot.add", slot_json("paper_key"), lea_.token);
    if (slot.status != 201) expect(slot, 413, "slots_max");
  }
  const std::string parcel = whole();
  for (std::size_t i = 0; i <= 1000; ++i) {
    const Told link = ask("link.create", new_link(), lea_.token, {parcel});
    if (link.status != 201) expect(link, 413, "links_max");
  }
}

TEST_F(RefusalsTest, OfUploads) {
  for (int i = 0; i <= 64; ++i) {
    const Told upload = begin_upload(lea_, begun(), kPayload);
    if (upload.status != 201) expect(upload, 413, "uploads_max");
    if (i > 0) continue;
    AskFrame frame;
    frame.operation =
        static_cast<std::uint16_t>(find_operation("upload.append") - operations().data());
    frame.names[0] = upload.body["id"];
    frame.credential_kind = CredentialKind::upload_key;
    const std::string key = upload.body["key"];
    frame.credential = key;
    frame.upload_offset = 7;
    expect(told(std::get<Reply>(answer_ask(services_, rates_, frame, now_))), 409, "upload_offset");
  }
}

TEST_F(RefusalsTest, OfSuspendedSenders) {
  const Person max = enrolled("max@region.example");
  const Person ida = enrolled("ida@region.example");
  const std::string parcel = whole(json::array({recipient(max)}));
  const auto key = crypto::Ed25519Secret::generate(random_);
  json link = new_link();
  link["verifier"] = base64(key.public_key());
  ASSERT_EQ(ask("link.create", link, lea_.token, {parcel}).status, 201);
  const Person admin = enrolled("ann@region.example", {.administrator = true});
  ASSERT_EQ(ask("admin.set_state", {{"state", "suspended"}}, admin.token, {lea_.id}).status, 204);
  expect(ask("parcel.open", nullptr, max.token, {parcel}), 409, "sender_suspended");
  expect(ask("parcel.open", nullptr, ida.token, {parcel}), 404, "no_parcel");
  const json told = proof(ChallengeFor::link, parcel_id(parcel).view(), key);
  expect(ask("link.redeem", told, "", {parcel}), 409, "sender_suspended");
  const auto other = crypto::Ed25519Secret::generate(random_);
  const json guessed = proof(ChallengeFor::link, parcel_id(parcel).view(), other);
  expect(ask("link.redeem", guessed, "", {parcel}), 404, "no_link");
}

TEST_F(RefusalsTest, OfAdministration) {
  const Person admin = enrolled("ann@region.example", {.administrator = true});
  ASSERT_EQ(ask("admin.set_state", {{"state", "suspended"}}, admin.token, {lea_.id}).status, 204);
  const json token = {{"token", invite("lea@region.example")}};
  expect(ask("enrolment.look", token), 409, "account_exists");
  for (std::size_t i = 0; i <= limits::kEnrolmentsMax; ++i) {
    invite("p" + std::to_string(i) + "@region.example");
  }
  const json wish = {{"address", "last@region.example"},
                     {"lifetime_ms", kDayMs},
                     {"roles", {{"administrator", false}, {"recovery_officer", false}}}};
  expect(ask("admin.invite", wish, admin.token), 413, "invitations_max");
}

TEST_F(RefusalsTest, OfKeysAndRecoveries) {
  const Person officer = enrolled("ann@region.example", {.recovery_officer = true});
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    const auto account = *catalog::AccountId::of(*base::hex_decode(lea_.id));
    SEALIFT_TRY(const auto newest, records.directory->newest(account));
    for (std::uint64_t i = 2; i <= limits::kKeyGenerationsMax; ++i) {
      catalog::DirectoryEntry entry = *newest;
      entry.generation = {i};
      entry.event = {random_.array<16>()};
      SEALIFT_TRY_VOID(records.directory->add(entry));
    }
    return {};
  }));
  const auto next = limits::kKeyGenerationsMax + 1;
  expect(ask("account.publish_key", key_json(next, lea_.signing_key), lea_.token), 413, "keys_max");
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    for (std::size_t i = 0; i < limits::kRecoveriesMax; ++i) {
      const catalog::AccountId account{random_.array<16>()};
      SEALIFT_TRY_VOID(records.accounts->add({.id = account,
                                              .lookup = {random_.array<32>()},
                                              .sealed_address = base::Bytes(64),
                                              .created = now_}));
      SEALIFT_TRY_VOID(records.recoveries->ask({.id = {random_.array<16>()},
                                                .account = account,
                                                .asked_by = account,
                                                .created = now_,
                                                .not_before = now_}));
    }
    return {};
  }));
  expect(ask("recovery.ask", {{"account", lea_.id}}, officer.token), 413, "recoveries_max");
}

TEST_F(RefusalsTest, OfTheLog) {
  const auto id = look([](const catalog::Records& records) {
                    return records.custody->list({}, {.before = std::nullopt, .rows_max = 1});
                  })[0]
                      .id;
  expect(ask("log.prove", nullptr, lea_.token, {json_of(id)}), 409, "not_in_log_yet");
  const std::string parcel = whole();
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    SEALIFT_TRY(const auto events, records.custody->list({}, {std::nullopt, 100}));
    for (std::uint64_t i = 0; i < events.size(); ++i) {
      SEALIFT_TRY_VOID(records.custody->logged(events[i].id, {i}));
    }
    SEALIFT_TRY(const std::uint64_t erased, records.custody->erase_of(parcel_id(parcel)));
    EXPECT_GT(erased, 0U);
    return {};
  }));
  expect(ask("parcel.complete", nullptr, lea_.token, {parcel}), 409, "records_erased");
}

}  // namespace
}  // namespace sealift::server::vault
