// Handing in for a request: what a stranger with its link can use up, which is its own, and not the
// owner's.
#include <gtest/gtest.h>

#include "parcel/link.h"
#include "server/vault/parcel_fixture.h"
#include "server/vault/reaper.h"

namespace sealift::server::vault {
namespace {

constexpr std::uint64_t kLarge = std::uint64_t{1} << 30;

class HandInTest : public ParcelTest {
 protected:
  HandInTest() : owner_(enrolled("lea@region.example")), friend_(enrolled("tom@region.example")) {
    const Told made = ask("request.create",
                          {{"id", json_of(request_)},
                           {"verifier", base64(key_.public_key())},
                           {"generation", 1},
                           {"sealed_title", ""},
                           {"size_bytes_max", 16 * kLarge},
                           {"lifetime_ms", 0}},
                          owner_.token);
    EXPECT_EQ(made.status, 201) << made.body;
  }

  struct HandIn {
    int status = 0;
    std::string parcel;
    std::string key;
  };
  HandIn begin() {
    HandIn made;
    made.parcel = json_of(catalog::ParcelId{random_.array<16>()});
    const Challenge challenge = keys_.challenge(ChallengeFor::request, request_.view(), now_);
    AskFrame frame = frame_of("request.hand_in", json_of(request_));
    frame.body = bytes_of(json{
        {"challenge", base64(challenge)},
        {"verifier", base64(key_.public_key())},
        {"proof", base64(parcel::sign_challenge(key_, challenge))},
        {"parcel",
         made.parcel}}.dump());
    const Told answer = told(std::get<Reply>(answer_ask(services_, rates_, frame, now_)));
    made.status = answer.status;
    made.key = answer.body.value("key", "");
    return made;
  }
  struct Begun {
    int status = 0;
    std::string id;
    std::string key;
  };
  Begun announce(const HandIn& hand_in, std::uint64_t size) {
    AskFrame frame = frame_of("upload.create", hand_in.parcel, "content");
    frame.credential_kind = CredentialKind::hand_in_key;
    frame.credential = hand_in.key;
    frame.upload_length = size;
    frame.body = bytes_of(json{{"header", base64(header(1))}, {"payload_bytes", size}}.dump());
    const Told answer = told(std::get<Reply>(answer_ask(services_, rates_, frame, now_)));
    return {answer.status, answer.body.value("id", ""), answer.body.value("key", "")};
  }
  // The status, and how much was allowed to come, of which all came.
  std::pair<int, std::uint64_t> append(const Begun& upload, std::uint64_t offset,
                                       std::uint64_t size) {
    AskFrame frame = frame_of("upload.append", upload.id);
    frame.credential_kind = CredentialKind::upload_key;
    frame.credential = upload.key;
    frame.upload_offset = offset;
    Answer answer = answer_ask(services_, rates_, frame, now_);
    if (const auto* reply = std::get_if<Reply>(&answer)) return {told(*reply).status, 0};
    auto& receive = std::get<Receive>(answer);
    const std::uint64_t came = std::min(size, receive.size_max);
    EXPECT_EQ(::ftruncate(receive.file.get(), static_cast<off_t>(offset + came)), 0);
    const auto end = came < size ? front::Received::End::too_large : front::Received::End::complete;
    const auto done = receive.then(services_, now_, {end, came});
    return {told(done ? *done : refusal(done.error())).status, came};
  }
  std::uint64_t used() {
    return ask("account.read", nullptr, owner_.token).body["used_bytes"].get<std::uint64_t>();
  }
  static AskFrame frame_of(std::string_view name, std::string first, std::string second = "") {
    AskFrame frame;
    frame.operation = static_cast<std::uint16_t>(find_operation(name) - operations().data());
    frame.names[0] = std::move(first);
    frame.names[1] = std::move(second);
    return frame;
  }

  const catalog::RequestId request_{random_.array<16>()};
  const crypto::Ed25519Secret key_ = crypto::Ed25519Secret::generate(random_);
  const Person owner_, friend_;
};

constexpr std::uint64_t kPayload = 65552 * 100 + 16;

TEST_F(HandInTest, AnnouncementsTakeNoneOfTheOwnersRoomOrPlaces) {
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    const HandIn hand_in = begin();
    if (hand_in.status == 201 && announce(hand_in, kPayload).status == 201) ++taken;
  }
  EXPECT_GE(taken, 8) << "several outsiders at once";
  EXPECT_LE(taken, 16) << "a request has a limit of its own";
  EXPECT_EQ(used(), 0U);
  const Told parcel =
      ask("parcel.create", new_parcel(json::array({recipient(friend_)})), owner_.token);
  ASSERT_EQ(parcel.status, 201);
  EXPECT_EQ(begin_upload(owner_, parcel.body["id"], kPayload).status, 201);
  EXPECT_EQ(used(), kPayload) << "the owner's own takes its room at once";
}

TEST_F(HandInTest, WhatComesIsChargedAsItComes) {
  const Begun upload = announce(begin(), kPayload);
  ASSERT_EQ(upload.status, 201);
  EXPECT_EQ(append(upload, 0, 1000), std::pair(204, std::uint64_t{1000}));
  EXPECT_EQ(used(), 1000U);
  EXPECT_EQ(append(upload, 1000, 500), std::pair(204, std::uint64_t{500}));
  EXPECT_EQ(used(), 1500U);
}

TEST_F(HandInTest, NoMoreIsTakenInThanTheOwnerHasRoomFor) {
  const Begun upload = announce(begin(), kPayload);
  const Begun other = announce(begin(), kPayload);
  must(commits_.transact([&](catalog::Records& records) -> base::Result<void> {
    const auto id = catalog::AccountId::of(*base::hex_decode(owner_.id));
    SEALIFT_TRY_VOID(records.accounts->set_quota(*id, std::uint64_t{5000}));
    return {};
  }));
  EXPECT_EQ(append(upload, 0, 9000).second, 5000U);
  EXPECT_EQ(used(), 5000U);
  EXPECT_EQ(append(other, 0, 1).first, 413);
  EXPECT_EQ(announce(begin(), kPayload).status, 413) << "what can't come whole is refused at once";
}

TEST_F(HandInTest, WhatHasNoByteAfterAnHourMakesPlace) {
  HandIn hand_in;
  while ((hand_in = begin()).status == 201 && announce(hand_in, kPayload).status == 201) {
  }
  EXPECT_NE(announce(begin(), kPayload).status, 201);
  now_ += std::chrono::minutes(61);
  must(end_due(services_, now_));
  EXPECT_EQ(announce(begin(), kPayload).status, 201);
}

TEST_F(HandInTest, WhatHasAByteStaysForItsThreeDays) {
  const Begun upload = announce(begin(), kPayload);
  append(upload, 0, 10);
  now_ += std::chrono::hours(71);
  must(end_due(services_, now_));
  EXPECT_EQ(append(upload, 10, 10).first, 204);
}

TEST_F(HandInTest, BytesOnTheirWayKeepAnUploadAlive) {
  const Begun upload = announce(begin(), kPayload);
  const auto id = *catalog::UploadId::of(*base::hex_decode(upload.id));
  for (int half_hours = 0; half_hours < 12; ++half_hours) {
    now_ += std::chrono::minutes(31);
    must(keep_under_way(services_, {id}, now_));
    must(end_due(services_, now_));
  }
  EXPECT_EQ(append(upload, 0, 10).first, 204);
}

TEST_F(HandInTest, HandInsThatAreNeverFilledHaveABound) {
  int begun = 0;
  while (begun < 200 && begin().status == 201) ++begun;
  EXPECT_LT(begun, 100);
  now_ += std::chrono::minutes(61);
  must(end_due(services_, now_));
  EXPECT_EQ(begin().status, 201);
}

}  // namespace
}  // namespace sealift::server::vault
