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
    make_request(json::object());
  }

  // The one that is handed in for from now on.
  void make_request(const json& limits) {
    request_ = {random_.array<16>()};
    json wanted = {
        {"id", json_of(request_)}, {"verifier", base64(key_.public_key())}, {"generation", 1},
        {"sealed_title", ""},      {"size_bytes_max", 16 * kLarge},         {"lifetime_ms", 0}};
    wanted.update(limits);
    const Told made = ask("request.create", wanted, owner_.token);
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
  Begun announce(const HandIn& hand_in, std::uint64_t size) {
    AskFrame frame = frame_of("upload.create", hand_in.parcel, "content");
    frame.credential_kind = CredentialKind::hand_in_key;
    frame.credential = hand_in.key;
    frame.upload_length = size;
    frame.body = bytes_of(json{{"header", base64(header(1))}, {"payload_bytes", size}}.dump());
    const Told answer = told(std::get<Reply>(answer_ask(services_, rates_, frame, now_)));
    return {answer.status, answer.body.value("id", ""), answer.body.value("key", ""),
            answer.body.value("reason", "")};
  }
  // A manifest whose payload has this size.
  Told put_manifest(const HandIn& hand_in, std::size_t size) {
    AskFrame frame = frame_of("parcel.put_part", hand_in.parcel, "manifest");
    frame.credential_kind = CredentialKind::hand_in_key;
    frame.credential = hand_in.key;
    frame.body = header(1);
    frame.body.resize(frame.body.size() + size);
    return told(std::get<Reply>(answer_ask(services_, rates_, frame, now_)));
  }
  void set_quota(std::uint64_t bytes) {
    must(commits_.transact([&](catalog::Records& records) -> base::Result<void> {
      const auto id = catalog::AccountId::of(*base::hex_decode(owner_.id));
      SEALIFT_TRY_VOID(records.accounts->set_quota(*id, bytes));
      return {};
    }));
  }
  std::uint64_t used() {
    return ask("account.read", nullptr, owner_.token).body["used_bytes"].get<std::uint64_t>();
  }
  catalog::RequestId request_;
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

TEST_F(HandInTest, HandInsForManyRequestsTakeNoneOfTheOwnersPlaces) {
  int taken = 0;
  for (int request = 0; request < 8; ++request) {
    make_request(json::object());
    for (int i = 0; i < 10; ++i) {
      const HandIn hand_in = begin();
      if (hand_in.status == 201 && announce(hand_in, kPayload).status == 201) ++taken;
    }
  }
  ASSERT_GT(taken, 64) << "more than an account may have under way";
  const Told parcel =
      ask("parcel.create", new_parcel(json::array({recipient(friend_)})), owner_.token);
  ASSERT_EQ(parcel.status, 201);
  EXPECT_EQ(begin_upload(owner_, parcel.body["id"], kPayload).status, 201);
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
  set_quota(5000);
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

TEST_F(HandInTest, WhatTheRequestHasNoRoomForIsRefusedAndFreesItsPlace) {
  make_request({{"size_bytes_max", kPayload}, {"parcels_max", 1}});
  for (int i = 0; i < 3; ++i) {
    const HandIn hand_in = begin();
    ASSERT_EQ(hand_in.status, 201) << "after " << i << " that were refused";
    const Begun refused = announce(hand_in, kPayload + 65552);
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.reason, "request_size") << "it is not the server's policy";
  }
  EXPECT_EQ(announce(begin(), kPayload).status, 201);
  EXPECT_EQ(begin().status, 409) << "one that isn't refused keeps its place";
}

TEST_F(HandInTest, APartThatIsTooLargeFreesThePlaceToo) {
  make_request({{"size_bytes_max", 1000}, {"parcels_max", 1}});
  const HandIn hand_in = begin();
  const Told refused = put_manifest(hand_in, 2000);
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.body["reason"], "request_size");
  EXPECT_EQ(begin().status, 201);
}

TEST_F(HandInTest, WhatTheOwnerHasNoRoomForFreesItsPlace) {
  make_request({{"parcels_max", 1}});
  set_quota(5000);
  EXPECT_EQ(announce(begin(), kPayload).reason, "owner_quota");
  EXPECT_EQ(begin().status, 201);
}

TEST_F(HandInTest, ARefusalForAnotherReasonEndsNothing) {
  make_request({{"parcels_max", 1}});
  const HandIn hand_in = begin();
  EXPECT_EQ(announce(hand_in, 5).status, 400) << "no payload has this size";
  EXPECT_EQ(begin().status, 409);
  EXPECT_EQ(announce(hand_in, kPayload).status, 201) << "it can go on";
}

}  // namespace
}  // namespace sealift::server::vault
