#include "client/transfer/judge_signer.h"

#include "client/account/hostile_server_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

// Alice's first key is replaced once her log has what `sent_before` wrote.
class JudgeSignerTest : public HostileServerTest {
 protected:
  JudgeSignerTest() {
    server_.publish(server_.next_key());
    about_.id.bytes.fill(std::byte{1});
    about_.sender.bytes.fill(std::byte{7});
    sealed_.fill(std::byte{4});
    reader_.bytes.fill(std::byte{2});
  }

  // An event in the log, which the server proves when it is asked.
  api::EventId log_event(std::string_view facts) {
    api::EventId event{random_source().array<16>()};
    const std::string statement =
        R"({"event":")" + event.text() + R"(",)" + std::string(facts) + "}";
    const log::EventSalt salt = random_source().array<32>();
    api::EventProof proof{.event = event};
    proof.salt.bytes = base::copy_of(salt);
    proof.statement.bytes = base::copy_of(base::bytes_of(statement));
    proof.index = server_.log->add(log::event_entry(salt, base::bytes_of(statement)));
    proof.proof = server_.log->receipt(proof.index);
    server_.lies["/api/v1/log/proofs/" + event.text()] = api::encode(proof);
    return event;
  }
  static std::string completed(const api::ParcelId& id, const crypto::Sha256Digest& sealed) {
    return R"("kind":"parcel_completed","manifest":")" + base::hex_encode(sealed) +
           R"(","parcel":")" + id.text() + "\"";
  }
  std::string added(const api::AccountId& who) const {
    return R"("added":[")" + who.text() + R"("],"kind":"recipients_changed","parcel":")" +
           about_.id.text() + "\"";
  }
  void send() { about_.completed_event = log_event(completed(about_.id, sealed_)); }
  void add() { about_.added_event = log_event(added(reader_)); }
  log::TreeHead head() {
    const auto key = log::VerifierKey::parse(server_.log->vkey()).value();
    return log::open_checkpoint(server_.log->checkpoint(), key)->head;
  }
  void rotate() { server_.publish(server_.retiring_key(head())); }

  base::Result<void> judged(Signature what = Signature::of_manifest, std::size_t generation = 1) {
    SEALIFT_TRY(const FoundKeys found, find());
    LogWatch watch(api_, pins_.log);
    return judge_signer(api_, watch, found, server_.signing.at(generation - 1).public_key(), what,
                        {about_, sealed_, reader_});
  }
  void expect_lie(const base::Result<void>& judged) {
    ASSERT_FALSE(judged.has_value());
    EXPECT_EQ(judged.error().code, ErrorCode::damaged) << judged.error().text;
  }

  api::Parcel about_{};
  crypto::Sha256Digest sealed_{};
  api::AccountId reader_{};
};

TEST_F(JudgeSignerTest, TheNewestKeyNeedsNoProof) {
  EXPECT_TRUE(judged().has_value());
  rotate();
  EXPECT_TRUE(judged(Signature::of_manifest, 2).has_value());
  about_.sender.bytes.fill(std::byte{8});
  expect_lie(judged(Signature::of_manifest, 2));
}

TEST_F(JudgeSignerTest, WhatWasSentBeforeCountsAfterwards) {
  send();
  rotate();
  server_.log->grow(300);
  const auto result = judged();
  EXPECT_TRUE(result.has_value()) << result.error().text;
}

TEST_F(JudgeSignerTest, WhatWasSentAfterwardsDoesNot) {
  rotate();
  send();
  expect_lie(judged());
  about_.completed_event.reset();
  expect_lie(judged());
  about_.completed_event.emplace();
  expect_lie(judged());  // no such event
}

TEST_F(JudgeSignerTest, AnotherEventProvesNothing) {
  api::ParcelId other{};
  about_.completed_event = log_event(completed(other, sealed_));
  const auto of_another_parcel = about_.completed_event;
  const auto of_another_manifest = log_event(completed(about_.id, {}));
  const auto without_manifest =
      log_event(R"("kind":"parcel_completed","parcel":")" + about_.id.text() + "\"");
  const auto of_another_kind =
      log_event(R"("kind":"parcel_created","manifest":")" + base::hex_encode(sealed_) +
                R"(","parcel":")" + about_.id.text() + "\"");
  rotate();
  for (const auto& each :
       {*of_another_parcel, of_another_manifest, without_manifest, of_another_kind}) {
    about_.completed_event = each;
    expect_lie(judged());
  }
}

TEST_F(JudgeSignerTest, AKeyThatIsPublishedTwiceEndsWhereItsOwnerSaid) {
  const log::TreeHead end = head();
  send();
  server_.publish(server_.retiring_key(end));
  expect_lie(judged());
}

TEST_F(JudgeSignerTest, AnotherLogThanTheOwnerSawIsRefused) {
  send();
  log::TreeHead end = head();
  end.root[0] ^= std::byte{1};
  server_.publish(server_.retiring_key(end));
  expect_lie(judged());
}

TEST_F(JudgeSignerTest, ALogThatIsShorterThanTheOwnerSawIsRefused) {
  send();
  log::TreeHead end = head();
  end.size += 1000;
  server_.publish(server_.retiring_key(end));
  expect_lie(judged());
}

TEST_F(JudgeSignerTest, WhoWasAddedBeforeIsAddedAfterwards) {
  send();
  add();
  rotate();
  const auto result = judged(Signature::of_addendum);
  EXPECT_TRUE(result.has_value()) << result.error().text;
}

TEST_F(JudgeSignerTest, WhoIsAddedByAThiefIsNot) {
  send();
  about_.added_event = log_event(added({}));
  rotate();
  expect_lie(judged(Signature::of_addendum));  // somebody else was
  about_.added_event.reset();
  expect_lie(judged(Signature::of_addendum));
  add();
  expect_lie(judged(Signature::of_addendum));  // afterwards
}

TEST_F(JudgeSignerTest, AnAdditionDoesNotProveTheParcel) {
  add();
  rotate();
  send();
  expect_lie(judged(Signature::of_addendum));
}

}  // namespace
}  // namespace sealift::client
