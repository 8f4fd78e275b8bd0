// What has to be proved by the log before it is believed: officers' keys, and events.
#include "base/said_for_test.h"
#include "client/account/event_proof.h"
#include "client/account/hostile_server_for_test.h"
#include "client/account/officers.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

class OfficersTest : public HostileServerTest {
 protected:
  OfficersTest() {
    server_.publish(server_.next_key());
    offer_.recovery_officers = {server_.entries[0]};
  }
  base::Result<std::vector<std::string>> judge() {
    const AskOfficers again = [&]() -> base::Result<Entries> { return offer_.recovery_officers; };
    return judge_officers(api_, offer_.recovery_officers, again, pins_, {}).map(recipients_of);
  }

  api::EnrolmentOffer offer_{};
};

TEST_F(OfficersTest, AKeyThatStandsInTheLogIsTaken) {
  EXPECT_EQ(judge().value(), std::vector{server_.entries[0].key.recipient});
  offer_.recovery_officers.clear();
  EXPECT_TRUE(judge().value().empty());
}

TEST_F(OfficersTest, AKeyOfTheServersOwnIsRefused) {
  const api::Key own = server_.next_key();
  // Another one each time: what is judged may be asked for again.
  const auto offer = [&](api::DirectoryEntry entry) {
    offer_.recovery_officers = {server_.entries[0], std::move(entry)};
  };
  api::DirectoryEntry entry = server_.entries[0];
  entry.key.recipient = own.recipient;
  offer(entry);
  EXPECT_EQ(base::said(judge()), "damaged: the log's event is of another key")
      << "another key's proof";
  entry.proof.reset();
  offer(entry);
  EXPECT_EQ(base::said(judge()), "conflict: the log doesn't have the key yet") << "no proof";
  entry = server_.entries[0];
  entry.account.bytes.fill(std::byte{8});
  offer(entry);
  EXPECT_EQ(base::said(judge()), "damaged: the log's event is of another key") << "another account";
}

TEST_F(OfficersTest, AnEventOfAnotherKindOrAnotherLogIsNoProof) {
  server_.publish(server_.next_key(), "account_invited");
  offer_.recovery_officers = {server_.entries.back()};
  EXPECT_EQ(base::said(judge()), "damaged: the log's event is of another key");
  ASSERT_TRUE(follow().has_value());
  server_.log = std::make_shared<TestLog>();
  server_.log->grow(50);
  server_.publish(server_.next_key());
  offer_.recovery_officers = {server_.entries.back()};
  EXPECT_FALSE(judge().has_value());
}

TEST(FingerprintTest, IsReadAsPeopleWriteIt) {
  const std::string shown = fingerprint_text("age1example");
  const auto read = parse_fingerprint(shown);
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(are_named({"age1example"}, {*read}));
  EXPECT_EQ(parse_fingerprint("ABCD" + shown.substr(4)).value().substr(0, 4), "abcd");
  for (const std::string& bad : {std::string(), shown + "0", shown.substr(1), "g" + shown.substr(1),
                                 std::string(63, 'a'), std::string(32, '-')})
    EXPECT_FALSE(parse_fingerprint(bad).has_value()) << bad;
}

TEST(FingerprintTest, NamesAreExact) {
  const std::string one = parse_fingerprint(fingerprint_text("age1one")).value();
  const std::string two = parse_fingerprint(fingerprint_text("age1two")).value();
  EXPECT_TRUE(are_named({}, {}));
  EXPECT_TRUE(are_named({"age1one", "age1two"}, {two, one}));
  EXPECT_FALSE(are_named({"age1one", "age1two"}, {one})) << "one more than named";
  EXPECT_FALSE(are_named({"age1one"}, {one, two})) << "one missing";
  EXPECT_FALSE(are_named({}, {one}));
}

class EventProofTest : public HostileServerTest {
 protected:
  // An event of a parcel in the log, and what the server answers when its proof is asked for.
  void log_event(std::string_view kind, std::string_view parcel) {
    event_.bytes.fill(std::byte{5});
    const std::string statement = R"({"event":")" + event_.text() + R"(","kind":")" +
                                  std::string(kind) + R"(","parcel":")" + std::string(parcel) +
                                  R"("})";
    const log::EventSalt salt = random_source().array<32>();
    proof_.event = event_;
    proof_.salt.bytes = base::copy_of(salt);
    proof_.statement.bytes = base::copy_of(base::bytes_of(statement));
    proof_.index = server_.log->add(log::event_entry(salt, base::bytes_of(statement)));
    proof_.proof = server_.log->receipt(proof_.index);
  }
  base::Result<std::string> prove() {
    server_.lies["/api/v1/log/proofs/" + event_.text()] = api::encode(proof_);
    LogWatch watch(api_, pins_.log);
    return prove_event(api_, watch, event_, "parcel_completed", {{"parcel", "p1"}}, {});
  }
  log::VerifierKey key() const { return log::VerifierKey::parse(server_.log->vkey()).value(); }

  api::EventId event_{};
  api::EventProof proof_{};
};

TEST_F(EventProofTest, AnEventOfTheLogGivesAReceiptThatVerifiesByItself) {
  server_.log->grow(300);
  log_event("parcel_completed", "p1");
  const auto receipt = prove();
  ASSERT_TRUE(receipt.has_value()) << receipt.error().text;
  const auto proved = read_event_receipt(*receipt, key());
  ASSERT_TRUE(proved.has_value()) << proved.error().text;
  EXPECT_EQ(proved->index, 300U);
  EXPECT_EQ(proved->checkpoint.head.size, 301U);
  EXPECT_NE(proved->event.find(R"("parcel":"p1")"), std::string::npos);
}

TEST_F(EventProofTest, AnotherEventsProofIsRefused) {
  log_event("parcel_completed", "p2");
  EXPECT_EQ(base::said(prove()), "damaged: the log's proof is of another event")
      << "another parcel";
  log_event("parcel_created", "p1");
  EXPECT_EQ(base::said(prove()), "damaged: the log's proof is of another event") << "another kind";
  log_event("parcel_completed", "p1");
  ASSERT_TRUE(prove().has_value());
  proof_.salt.bytes[0] ^= std::byte{1};
  EXPECT_EQ(base::said(prove()), "damaged: the entry is not in the log that the checkpoint signs")
      << "not in the log";
  log_event("parcel_completed", "p1");
  const std::string good = proof_.proof;
  log_event("parcel_completed", "p1");
  proof_.proof = good;
  EXPECT_EQ(base::said(prove()), "damaged: the entry is not in the log that the checkpoint signs")
      << "another leaf's proof";
}

TEST_F(EventProofTest, AReceiptThatWasChangedAnywhereIsRefused) {
  server_.log->grow(3);
  log_event("parcel_completed", "p1");
  const std::string good = prove().value();
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(read_event_receipt(bad, key()).has_value()) << at;
  }
  const auto other = crypto::Ed25519Secret::generate(random_source());
  const log::VerifierKey another(std::string(kOrigin), other.public_key());
  EXPECT_EQ(base::said(read_event_receipt(good, another)),
            "no_match: note not signed by a known key");
}

}  // namespace
}  // namespace sealift::client
