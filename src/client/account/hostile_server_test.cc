// A server that was broken into, or is made to lie: each lie ends in a refusal, and what the client
// remembers stays as it was.
#include "client/account/hostile_server_for_test.h"

#include <gmock/gmock.h>

#include "base/refusal.h"
#include "base/said_for_test.h"
#include "client/account/entering.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

TEST_F(HostileServerTest, AnHonestLogIsFollowedAsItGrows) {
  for (const int more : {0, 1, 1, 254, 1, 300, 0}) {
    server_.log->grow(more);
    const auto followed = follow();
    ASSERT_TRUE(followed.has_value()) << followed.error().text;
    EXPECT_EQ(pins_.log->head, followed->head);
    const auto all = check_all();
    ASSERT_TRUE(all.has_value()) << all.error().text;
  }
  EXPECT_EQ(pins_.log->head.size, 557U);
}

TEST_F(HostileServerTest, AnOldCheckpointIsRefused) {
  server_.log->grow(5);
  const std::string old = server_.log->checkpoint();
  server_.log->grow(5);
  ASSERT_TRUE(follow().has_value());
  server_.lies["/log/checkpoint"] = old;
  expect_refused(follow(), Pins(pins_), "damaged: the server's log went back to an older state");
}

TEST_F(HostileServerTest, AForkedLogIsRefused) {
  server_.log->grow(300);
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  const std::string seen = "damaged: the server's log is not the one seen before: ";
  for (const auto& [entries, what] :
       {std::pair(300, "it has forked"), std::pair(301, "it was changed"),
        std::pair(700, "it was changed")}) {
    server_.log = std::make_shared<TestLog>();
    server_.log->grow(entries, "forged");
    expect_refused(follow(), before, seen + what);
  }
}

TEST_F(HostileServerTest, ALogUnderAnotherKeyIsRefused) {
  server_.log->grow(3);
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  server_.log = std::make_shared<TestLog>(crypto::Ed25519Secret::generate(random_source()));
  server_.log->grow(9);
  expect_refused(follow(), before, "no_match: note not signed by a known key");
}

TEST_F(HostileServerTest, EveryChangedByteOfACheckpointIsRefused) {
  server_.log->grow(3);
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  server_.log->grow(3);
  const std::string good = server_.log->checkpoint();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    server_.lies["/log/checkpoint"] = changed;
    EXPECT_FALSE(follow().has_value()) << i;
    EXPECT_EQ(pins_, before);
  }
}

TEST_F(HostileServerTest, EveryChangedTileOrBundleIsFound) {
  server_.log->grow(600);
  ASSERT_TRUE(check_all().has_value());
  for (const std::string& path : server_.log->tile_paths()) {
    std::string content = *server_.log->read(path);
    for (const std::size_t at : {std::size_t{3}, content.size() / 2, content.size() - 1}) {
      std::string changed = content;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      server_.lies = {{"/log/" + path, changed}};
      EXPECT_FALSE(check_all().has_value()) << path << " " << at;
    }
    server_.lies = {{"/log/" + path, content.substr(0, content.size() - 1)}};
    EXPECT_FALSE(check_all().has_value()) << path;
  }
  server_.lies.clear();
  EXPECT_TRUE(check_all().has_value());
}

// While it was read, the log grew beyond a bundle, whose parts are gone from then on.
TEST_F(HostileServerTest, ALogThatGrewMeanwhileIsReadToTheCheckpoint) {
  server_.log->grow(5);
  const auto newest = follow();
  ASSERT_TRUE(newest.has_value());
  server_.log->grow(300);
  const auto checked = check_whole_log(api_, newest->head, std::nullopt, {});
  ASSERT_TRUE(checked.has_value()) << checked.error().text;
  EXPECT_EQ(checked->head.size, 5U);
}

TEST_F(HostileServerTest, ALogThatWasWrittenAnewIsFoundByWhatWasKept) {
  server_.log->grow(100);
  ASSERT_TRUE(follow().has_value());
  const log::TreeHead kept = pins_.log->head;
  server_.log = std::make_shared<TestLog>();
  server_.log->grow(200, "forged");
  // Another client, which never saw the first log, has nothing to compare with.
  Pins none;
  const auto newest = LogWatch(api_, none.log).follow();
  ASSERT_TRUE(newest.has_value());
  EXPECT_TRUE(check_whole_log(api_, newest->head, std::nullopt, {}).has_value());
  const auto checked = check_whole_log(api_, newest->head, kept, {});
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(base::said(checked),
            "damaged: the server's log is not the one seen before: it was changed");
}

TEST_F(HostileServerTest, AnHonestDirectoryIsFollowed) {
  server_.publish(server_.next_key());
  const auto first = find();
  ASSERT_TRUE(first.has_value()) << first.error().text;
  EXPECT_TRUE(first->is_first_seen);
  server_.log->grow(10);
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  const auto third = find();
  ASSERT_TRUE(third.has_value()) << third.error().text;
  EXPECT_FALSE(third->is_first_seen);
  EXPECT_EQ(third->keys.size(), 3U);
  EXPECT_EQ(pins_.keys.at(kAlice.text()).generation, 3U);
}

TEST_F(HostileServerTest, AKeyThatTheLogDoesNotHaveIsRefused) {
  server_.publish(server_.next_key());
  const Pins none;
  const api::DirectoryEntry good = server_.entries[0];

  server_.entries[0].key.recipient =
      age::Identity::generate(age::KeyKind::x25519, random_source())->recipient()->text();
  EXPECT_EQ(base::said(find()), "damaged: the log's event is of another key")
      << "swapped recipient";
  server_.entries[0] = good;
  server_.entries[0].account.bytes.fill(std::byte{9});
  EXPECT_EQ(base::said(find()), "damaged: the log's event is of another key") << "swapped account";
  server_.entries[0] = good;
  server_.entries[0].proof.reset();
  EXPECT_EQ(base::said(find()), "conflict: the log doesn't have the key yet") << "no proof";
  server_.entries[0] = good;
  server_.entries[0].salt->bytes[0] ^= std::byte{1};
  EXPECT_EQ(base::said(find()), "damaged: the entry is not in the log that the checkpoint signs")
      << "another salt";
  EXPECT_TRUE(pins_.keys.empty());

  server_.entries.clear();
  server_.signing.clear();
  server_.publish(server_.next_key(), "account_changed");
  EXPECT_EQ(base::said(find()), "damaged: the log's event is of another key")
      << "another kind of event";
  EXPECT_TRUE(pins_.keys.empty());
}

TEST_F(HostileServerTest, AProofOutOfAForkedLogIsRefused) {
  server_.publish(server_.next_key());
  server_.log->grow(20);
  ASSERT_TRUE(find().has_value());
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  // The server writes another log, in which somebody else's key stands, and proves it with that.
  server_.log = std::make_shared<TestLog>();
  server_.entries.clear();
  server_.signing.clear();
  server_.log->grow(50, "forged");
  server_.publish(server_.next_key());
  expect_refused(find(), before,
                 "damaged: the server's log is not the one seen before: it was changed");
}

TEST_F(HostileServerTest, ADirectoryThatWentBackIsRefused) {
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  const Pins before = pins_;
  server_.entries.pop_back();
  expect_refused(find(), before, "damaged: the directory went back to an older key");
}

TEST_F(HostileServerTest, AKeyThatWasChangedWithoutEndorsementIsRefused) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  api::Key rotated = server_.next_key();
  rotated.endorsement.reset();
  server_.publish(rotated);
  const auto refused = find();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(base::said(refused), "damaged: the new key is not endorsed by the one before");
  EXPECT_EQ(pins_.keys.at(kAlice.text()).generation, 1U);
}

TEST_F(HostileServerTest, AnAddressWhoseKeyWasSeenIsNotTakenForUnknown) {
  server_.publish(server_.next_key());
  server_.denies_address = true;
  expect_refused(find(), Pins(pins_), "not_found: not_found");  // never seen: nothing to compare
  server_.denies_address = false;
  ASSERT_TRUE(find().has_value());
  server_.denies_address = true;
  expect_refused(find(), Pins(pins_),
                 "forbidden: the account of alice@example.org is suspended or closed, and takes no "
                 "parcels");  // suspended: its keys are unchanged
  server_.denies_history = true;
  expect_refused(find(), Pins(pins_),
                 "damaged: the server no longer knows an address whose key was seen before");
  server_.denies_history = false;
  // What was signed before stays verifiable.
  const auto past = KeyFinder(api_, pins_, {}).find(kAlice, KeyUse::verify);
  ASSERT_TRUE(past.has_value()) << past.error().text;
  EXPECT_EQ(past->newest().recipient, server_.entries[0].key.recipient);
}

// ---- a log that went back, and what its operator says of it

class RestoredServerTest : public HostileServerTest {
 protected:
  static std::string key_name() { return log::reopen_key_name(kOrigin, 1); }
  std::string signed_statement(const log::RestoreStatement& statement,
                               const crypto::Ed25519Secret& secret) const {
    return log::sign_note(log::restore_statement_text(statement), key_name(), secret);
  }
  void expect_damaged(const Pins& before) {
    const auto followed = follow();
    ASSERT_FALSE(followed.has_value());
    EXPECT_EQ(followed.error().code, ErrorCode::damaged);
    EXPECT_EQ(pins_, before);
  }
  static bool says_restored(const base::Error& error) {
    const auto refusal = base::refusal_of(error);
    return error.code == ErrorCode::damaged && refusal && refusal->row->reason == "log_restored";
  }
  // The client saw 100 entries; the log comes back with the first 60, and goes on from there.
  log::RestoreStatement roll_back() {
    server_.reopen_keys = {log::VerifierKey(key_name(), reopen_.public_key()).text()};
    server_.log->grow(60);
    const auto kept = follow();
    EXPECT_TRUE(kept.has_value());
    server_.log->grow(40, "lost");
    EXPECT_TRUE(follow().has_value());
    server_.log = std::make_shared<TestLog>();
    server_.log->grow(60);
    server_.log->grow(5, "since");
    return {.log_name = std::string(kOrigin),
            .kept = kept->head,
            .backup = base::UnixTime(std::chrono::hours(10)),
            .restored = base::UnixTime(std::chrono::hours(20)),
            .lost = 0};
  }

  const crypto::Ed25519Secret reopen_ = crypto::Ed25519Secret::generate(random_source());
};

TEST_F(RestoredServerTest, ASilentRollbackIsRefusedAndOneThatTheOperatorSignsIsShown) {
  const log::RestoreStatement statement = roll_back();
  const Pins before = pins_;
  expect_refused(follow(), before, "damaged: the server's log went back to an older state");
  EXPECT_FALSE(LogWatch(api_, pins_.log).stated_restore().value().has_value());

  server_.statement = signed_statement(statement, reopen_);
  expect_damaged(before);
  EXPECT_TRUE(says_restored(follow().error()));
  LogWatch watch(api_, pins_.log);
  const auto stated = watch.stated_restore();
  ASSERT_TRUE(stated && *stated);
  EXPECT_EQ(**stated, statement);
  EXPECT_EQ(pins_, before) << "showing it changes nothing";
  ASSERT_TRUE(watch.accept_restore(**stated).has_value());
  EXPECT_EQ(pins_.log->head.size, 65U);
  EXPECT_EQ(pins_.keys, before.keys);
  EXPECT_TRUE(follow().has_value());

  // Another call of the client, which saw the larger log, doesn't bring it back.
  Pins merged = before;
  ASSERT_TRUE(merge_pins(merged, pins_));
  EXPECT_EQ(merged.log->head.size, 65U);
  ASSERT_TRUE(merge_pins(merged, before));
  EXPECT_EQ(merged.log->head.size, 65U);
  EXPECT_EQ(decode_pins(base::bytes_of(encode_pins(merged))).value(), merged);
}

// 65 entries came back where the client saw 100: the log grows to as many, and past them.
TEST_F(RestoredServerTest, AStatementIsFoundOnceTheLogHasGrownAsLongAsBefore) {
  const log::RestoreStatement statement = roll_back();
  const Pins before = pins_;
  for (const int more : {35, 60}) {
    server_.log->grow(more, "later");
    server_.statement.reset();
    expect_damaged(before);
    EXPECT_FALSE(says_restored(follow().error())) << "a fork without a statement";
    server_.statement =
        signed_statement(statement, crypto::Ed25519Secret::generate(random_source()));
    expect_damaged(before);
    EXPECT_FALSE(says_restored(follow().error())) << "a fork with a thief's statement";
    server_.statement = signed_statement(statement, reopen_);
    expect_damaged(before);
    EXPECT_TRUE(says_restored(follow().error()));
  }
  server_.publish(server_.next_key());
  EXPECT_TRUE(says_restored(find().error())) << "a key's proof meets the other log first";
  LogWatch watch(api_, pins_.log);
  ASSERT_TRUE(watch.accept_restore(watch.stated_restore().value().value()).has_value());
  EXPECT_GT(pins_.log->head.size, 160U);
  EXPECT_TRUE(follow().has_value());
}

TEST_F(RestoredServerTest, AStatementCountsOnceAndByAPinnedKeyAlone) {
  const log::RestoreStatement statement = roll_back();
  const auto is_stated = [&] {
    return LogWatch(api_, pins_.log).stated_restore().value().has_value();
  };
  const auto thief = crypto::Ed25519Secret::generate(random_source());
  server_.statement = signed_statement(statement, thief);
  EXPECT_FALSE(is_stated());
  server_.reopen_keys = {log::VerifierKey(key_name(), thief.public_key()).text()};
  EXPECT_FALSE(is_stated()) << "the keys were pinned at the first meeting";
  server_.statement = signed_statement(statement, reopen_);
  ASSERT_TRUE(is_stated());
  LogWatch watch(api_, pins_.log);
  ASSERT_TRUE(watch.accept_restore(statement).has_value());
  server_.log->grow(100, "more");
  ASSERT_TRUE(follow().has_value());
  server_.log = std::make_shared<TestLog>();
  server_.log->grow(60);
  EXPECT_FALSE(is_stated()) << "the same statement, shown for another rollback";
  EXPECT_FALSE(follow().has_value());
}

TEST_F(RestoredServerTest, ALogThatIsNotWhatTheStatementKeptIsRefused) {
  const log::RestoreStatement statement = roll_back();
  server_.log = std::make_shared<TestLog>();
  server_.log->grow(80, "forged");
  server_.statement = signed_statement(statement, reopen_);
  const Pins before = pins_;
  LogWatch watch(api_, pins_.log);
  expect_refused(watch.accept_restore(statement), before,
                 "damaged: the server's log is not the one seen before: it was changed");
}

TEST_F(HostileServerTest, AHistoryThatIsNotTheNewestKeysIsRefused) {
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  const api::Directory shorter{{server_.entries[0]}};
  server_.lies["/api/v1/directory/" + server_.entries[0].account.text()] = api::encode(shorter);
  const auto refused = find();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(base::said(refused), "damaged: the directory contradicts itself");
}

// A server of one account, with what a client needs to enrol and log in.
class AccountServer {
 public:
  AccountServer() : responder_([this](const std::string& request) { return answer(request); }) {
    parameters.salt = random_source().array<16>();
  }

  Answer answer(const std::string& request) {
    const std::size_t start = request.find(' ') + 1;
    const std::string target = request.substr(start, request.find(' ', start) - start);
    const base::ByteView body = base::bytes_of(request).subspan(request.find("\r\n\r\n") + 4);
    const api::Base64 wire{encoded_parameters()};
    if (target.starts_with("/log/directory/")) {
      const auto file = directory.log.read(target.substr(15));
      return file ? Answer{response("200 OK", *file)} : HostileServer::not_found();
    }
    if (target == "/api/v1/server")
      return {response("200 OK",
                       api::encode(api::ServerDescription{.name = "test",
                                                          .version = "1",
                                                          .log_origin = std::string(kOrigin),
                                                          .log_key = {},
                                                          .directory_key = directory.log.vkey(),
                                                          .incident_recipient = {},
                                                          .now = {},
                                                          .lockdown = {}}))};
    if (target == "/api/v1/enrolments/look")
      return {response("200 OK", api::encode(api::EnrolmentOffer{.parameters = wire,
                                                                 .address = kAlice.text(),
                                                                 .roles = {},
                                                                 .expires = {},
                                                                 .lookup = lookup(),
                                                                 .recovery_officers = {},
                                                                 .recovery_threshold = threshold,
                                                                 .act = offered_act()}))};
    if (target == "/api/v1/enrolments/take") {
      enrolled = api::decode<api::Enrol>(body).value();
      take_act(request, body);
      return {response("201 Created", api::encode(begun()))};
    }
    if (target == "/api/v1/sessions/prepare")
      return {response("200 OK", api::encode(api::Prepared{.parameters = wire, .challenge = {}}))};
    if (target == "/api/v1/sessions") return log_in(api::decode<api::Begin>(body).value());
    if (target == "/api/v1/account/acts" && is_older)
      return {response("404 Not Found", R"({"code":"not_found","reason":"no_operation"})")};
    if (target == "/api/v1/account/acts") return {response("200 OK", api::encode(acts))};
    if (target == "/api/v1/account/slots") return {response("200 OK", api::encode(slots()))};
    return HostileServer::not_found();
  }

  Answer log_in(const api::Begin& asked) {
    for (const api::NewSlot& slot : enrolled.slots)
      if (slot.authentication && slot.authentication->key == asked.authentication_key)
        return {response("201 Created", api::encode(begun()))};
    return {response("401 Unauthorized", R"({"code":"unauthorized"})")};
  }

  static api::AccountId account() {
    api::AccountId id;
    id.bytes.fill(std::byte{7});
    return id;
  }
  static api::FirstAct first_act() {
    return {.account = account(), .revision = 1, .previous = {}, .challenge = {std::byte{9}}};
  }
  std::optional<api::FirstAct> offered_act() const {
    if (is_older) return std::nullopt;
    return first_act();
  }
  // What the enrolment signed, as the server tells it later.
  void take_act(const std::string& request, base::ByteView body) {
    constexpr std::string_view kField = "Sealift-Act: ";
    acts.acts.clear();
    if (request.find(kField) == std::string::npos) return;
    const auto field = parcel::parse_act_field(std::string_view(request).substr(
        request.find(kField) + kField.size(), parcel::kActFieldSize));
    acts.acts = {{.revision = field->revision,
                  .generation = field->generation,
                  .operation = "enrolment.take",
                  .target = {},
                  .body = crypto::sha256(body),
                  .previous = field->previous,
                  .slots = field->slots,
                  .challenge = field->challenge,
                  .signature = field->signature,
                  .happened = {}}};
  }

  api::Begun begun() const {
    api::Begun out;
    out.token.text = std::string(43, 't');
    out.account.address = answered_address;
    out.account.id = account();
    return out;
  }

  api::Slots slots() const {
    api::Slots out;
    for (const api::NewSlot& each : enrolled.slots)
      out.slots.push_back({.id = {},
                           .kind = each.kind,
                           .generation = each.generation,
                           .revision = 0,
                           .file = each.file,
                           .label = {},
                           .created = {}});
    return out;
  }

  base::Bytes encoded_parameters() const { return parcel::encode_login_parameters(parameters); }

  std::optional<std::string> lookup() {
    if (!proves_absence) return std::nullopt;
    return directory.look(kAlice.text());
  }

  TestDirectory directory;
  bool proves_absence = true;
  std::optional<std::uint64_t> threshold = 2;
  bool is_older = false;  // as a server of 0.1.0: without acts
  parcel::LoginParameters parameters;
  std::string answered_address = kAlice.text();
  api::Acts acts;
  api::Enrol enrolled;
  Responder responder_;
};

class EnteringTest : public testing::Test {
 protected:
  base::Result<Enrolled> enrol_alice() {
    const api::Api api(http_);
    SEALIFT_TRY(const api::EnrolmentOffer offer, look_at_enrolment(api, {std::string(43, 'e')}));
    return enrol(api, offer,
                 {.token = {std::string(43, 'e')},
                  .language = api::Language::en,
                  .password = base::bytes_of("correct horse battery"),
                  .officers = officers_},
                 pins_, random_source());
  }
  base::Result<Entered> log_in_alice(std::string_view password = "correct horse battery") {
    return log_in(api::Api(http_), kAlice, base::bytes_of(password), pins_);
  }

  AccountServer server_;
  HttpClient http_ = HttpClient::make(server_.responder_.settings()).value();
  Pins pins_;
  std::vector<Officer> officers_;
};

TEST_F(EnteringTest, WhoEnrolledGetsBackInWithPasswordOrPaperKey) {
  const auto enrolled = enrol_alice();
  ASSERT_TRUE(enrolled.has_value()) << enrolled.error().text;
  const std::string recipient = enrolled->entered.keys.recipient().value();
  const auto entered = log_in_alice();
  ASSERT_TRUE(entered.has_value()) << entered.error().text;
  EXPECT_EQ(entered->keys.recipient().value(), recipient);
  const auto by_paper = log_in(api::Api(http_), kAlice, enrolled->paper_key, pins_);
  ASSERT_TRUE(by_paper.has_value()) << by_paper.error().text;
  EXPECT_EQ(by_paper->keys.recipient().value(), recipient);
  // Neither password nor anything that opens a slot was ever sent.
  for (const std::string& request : server_.responder_.requests()) {
    EXPECT_THAT(request, testing::Not(HasSubstr("correct horse")));
    EXPECT_THAT(request, testing::Not(HasSubstr("AGE-SECRET-KEY")));
  }
}

TEST_F(EnteringTest, AnAddressThatWasTakenBeforeIsNotEnrolledFor) {
  // Somebody's key, published for the address that the link is for.
  server_.directory.change(kAlice.text(),
                           {directory::How::enrolled, 1, random_source().array<32>()});
  const auto taken = enrol_alice();
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(base::said(taken),
            "conflict: a key was published for this address before: somebody else has it");
  server_.proves_absence = false;
  const auto unproved = enrol_alice();
  ASSERT_FALSE(unproved.has_value());
  EXPECT_EQ(base::said(unproved), "damaged: the server gives no proof of what its directory has");
  // No key was made, and nothing sent.
  for (const std::string& request : server_.responder_.requests())
    EXPECT_THAT(request, testing::Not(HasSubstr("/api/v1/enrolments/take")));
  EXPECT_TRUE(pins_.keys.empty());
  // What was removed leaves a tombstone, and the address is free.
  server_.proves_absence = true;
  server_.directory.change(kAlice.text(), {directory::How::removed, 1, {}});
  EXPECT_TRUE(enrol_alice().has_value());
}

TEST_F(EnteringTest, AWrongPasswordIsNotAContradiction) {
  ASSERT_TRUE(enrol_alice().has_value());
  const auto entered = log_in_alice("wrong horse battery");
  ASSERT_FALSE(entered.has_value());
  EXPECT_EQ(base::said(entered), "unauthorized: unauthorized");
}

TEST_F(EnteringTest, AnotherSaltThanBeforeIsRefusedBeforeAnythingIsSent) {
  ASSERT_TRUE(enrol_alice().has_value());
  const Pins before = pins_;
  const auto asked = server_.responder_.requests().size();
  server_.parameters.salt[0] ^= std::byte{1};
  const auto entered = log_in_alice();
  ASSERT_FALSE(entered.has_value());
  EXPECT_EQ(base::said(entered),
            "damaged: the server wants the password hashed in another way than before");
  EXPECT_EQ(pins_, before);
  EXPECT_EQ(server_.responder_.requests().size(), asked + 1);  // prepare, and nothing after it
}

TEST_F(EnteringTest, ACostTooLowOrTooHighIsRefused) {
  ASSERT_TRUE(enrol_alice().has_value());
  pins_ = {};  // even a client that never saw the account
  const parcel::LoginParameters good = server_.parameters;
  for (const auto& [passes, memory_kib] :
       {std::pair{1U, 65536U}, {3U, 8U}, {0U, 0U}, {65U, 65536U}, {3U, 4'000'000U}}) {
    server_.parameters = {passes, memory_kib, good.salt};
    const auto asked = server_.responder_.requests().size();
    const auto entered = log_in_alice();
    ASSERT_FALSE(entered.has_value());
    EXPECT_EQ(base::said(entered), "unsupported: login parameters") << passes << " " << memory_kib;
    EXPECT_EQ(server_.responder_.requests().size(), asked + 1);
  }
}

TEST_F(EnteringTest, SlotsThatAreNotTheAccountsAreRefused) {
  ASSERT_TRUE(enrol_alice().has_value());
  const api::Enrol good = server_.enrolled;
  // One that the server made itself: it can't seal to a slot's identity that it doesn't know.
  const auto mallory = AccountKeys::generate(kAlice, random_source()).value();
  const auto recipient = mallory.identity.recipient().value();
  server_.enrolled.slots[0].file.bytes =
      seal_slot(mallory, std::span(&recipient, 1), random_source()).value();
  EXPECT_EQ(base::said(log_in_alice()), "damaged: the server has no slot that this opens");
  server_.enrolled = good;
  server_.enrolled.slots[0].file.bytes.back() ^= std::byte{1};
  EXPECT_EQ(base::said(log_in_alice()), "damaged: the sealed data was changed or cut short");
  server_.enrolled = good;
  server_.enrolled.slots[0].generation = 2;
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: a slot of the account is of another generation than it says");
  server_.enrolled = good;
  server_.answered_address = "mallory@example.org";
  EXPECT_EQ(base::said(log_in_alice()), "damaged: the server logged another account in");
}

// A way in that only logs in would give a server, or a thief of its catalog, nothing to open; but
// the owner wants to know.
TEST_F(EnteringTest, AWayInThatNoActListsIsRefused) {
  ASSERT_TRUE(enrol_alice().has_value());
  server_.enrolled.slots.push_back(server_.enrolled.slots[1]);
  server_.enrolled.slots[2].file.bytes.back() ^= std::byte{1};
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: the account has a way in that its owner never listed, or lacks one")
      << "one more";
  server_.enrolled.slots.pop_back();
  ASSERT_TRUE(log_in_alice().has_value());
  server_.enrolled.slots.pop_back();
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: the account has a way in that its owner never listed, or lacks one")
      << "one fewer";
}

TEST_F(EnteringTest, ActsThatTheOwnerDidNotSignAreRefused) {
  ASSERT_TRUE(enrol_alice().has_value());
  const api::Acts good = server_.acts;
  server_.acts.acts.clear();
  EXPECT_EQ(base::said(log_in_alice()), "damaged: the account's acts went back") << "none";
  server_.acts = good;
  server_.acts.acts[0].slots[0] ^= std::byte{1};
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: an act of the account has no signature of its keys")
      << "another content";
  server_.acts = good;
  server_.acts.acts.insert(server_.acts.acts.begin(), good.acts[0]);
  EXPECT_EQ(base::said(log_in_alice()), "damaged: the server leaves acts of the account out")
      << "twice";
  server_.acts = good;
  server_.acts.acts[0].generation = 2;
  EXPECT_EQ(base::said(log_in_alice()),
            "unauthorized: the account's keys were replaced: log in again")
      << "by keys of another device";
  pins_ = {};
  server_.acts = good;
  server_.acts.acts[0].signature[0] ^= std::byte{1};
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: an act of the account has no signature of its keys")
      << "even at first sight";
}

TEST_F(EnteringTest, AnAccountThatBeganWithoutActsIsTakenUntilOneWasSeen) {
  server_.is_older = true;
  ASSERT_TRUE(enrol_alice().has_value());
  EXPECT_TRUE(pins_.acts.empty());
  EXPECT_TRUE(log_in_alice().has_value()) << "a server of 0.1.0";
  server_.is_older = false;
  EXPECT_TRUE(log_in_alice().has_value()) << "that was upgraded";
  EXPECT_TRUE(pins_.acts.empty());
  pins_ = {};
  ASSERT_TRUE(enrol_alice().has_value());
  ASSERT_EQ(pins_.acts.size(), 1U);
  server_.is_older = true;
  EXPECT_EQ(base::said(log_in_alice()),
            "damaged: the account's acts went back: the server has none any more")
      << "it had acts before";
  EXPECT_EQ(base::said(enrol_alice()),
            "damaged: the server names another place among the account's acts");
  server_.is_older = false;
  EXPECT_TRUE(log_in_alice().has_value());
}

TEST_F(EnteringTest, OtherKeysThanBeforeAreRefused) {
  ASSERT_TRUE(enrol_alice().has_value());
  const Pins before = pins_;
  // The same person enrols anew elsewhere; a server that offers those keys here is refused.
  pins_ = {};
  ASSERT_TRUE(enrol_alice().has_value());
  pins_ = before;
  const auto entered = log_in_alice();
  ASSERT_FALSE(entered.has_value());
  EXPECT_EQ(base::said(entered), "damaged: the account's keys are not the ones seen before");
  EXPECT_EQ(pins_, before);
}

// The shares' contents: recovery_shares_test.cc.
TEST_F(EnteringTest, NoOfficerGetsTheKeysAloneWhateverTheServerSays) {
  std::vector<age::Identity> officers;
  for (int i = 0; i < 2; ++i) {
    officers.push_back(age::Identity::generate(age::KeyKind::x25519, random_source()).value());
    officers_.push_back({{{static_cast<std::byte>(i + 1)}}, officers[i].recipient()->text()});
  }
  const auto slots = [&] {
    pins_ = {};
    EXPECT_TRUE(enrol_alice().has_value());
    return server_.enrolled.slots;
  };
  const auto made = slots();
  ASSERT_EQ(made.size(), 3U);
  EXPECT_FALSE(made[2].authentication.has_value());
  EXPECT_EQ(pins_.officers[kAlice.text()].recipients.size(), 2U);
  ASSERT_TRUE(made[2].recovery);
  EXPECT_EQ(made[2].recovery->threshold, 2U);
  ASSERT_EQ(made[2].recovery->shares.size(), 2U);
  for (std::size_t i = 0; i < officers.size(); ++i) {
    EXPECT_EQ(made[2].recovery->shares[i].officer, officers_[i].account);
    EXPECT_FALSE(open_slot(made[2].file.bytes, officers[i], kAlice).has_value());
  }
  server_.threshold = 1;
  EXPECT_EQ(slots().at(2).recovery->threshold, 2U) << "one officer is no agreement";
  for (const std::uint64_t told : {3, 1'000'000}) {
    server_.threshold = told;
    EXPECT_EQ(slots().size(), 2U) << "too few officers";
  }
  server_.threshold = std::nullopt;
  EXPECT_EQ(slots().size(), 2U) << "a server of 0.1.0 keeps no shares";
  server_.threshold = 2;
  officers_.pop_back();
  EXPECT_EQ(slots().size(), 2U);
  EXPECT_TRUE(pins_.officers.empty());
}

TEST(OwnRecoveryTest, IsDealtAgainWhereItIsWeakerThanItCouldBe) {
  const api::AccountId one{{std::byte{1}}};
  const api::AccountId two{{std::byte{2}}};
  const api::AccountId gone{{std::byte{3}}};
  api::OwnRecovery own{.has_slot = true, .threshold = 2, .officers = {}, .shared_with = {one, two}};
  for (const api::AccountId& each : {one, two}) own.officers.emplace_back().account = each;
  own.shares_needed = 2;
  own.generation = 1;
  const auto need = [](const api::OwnRecovery& told) { return recovery_need(told, 1); };
  EXPECT_EQ(need(own), RecoveryNeed::nothing);
  EXPECT_EQ(recovery_need(own, 2), RecoveryNeed::outdated);
  api::OwnRecovery other = own;
  other.shared_with.push_back(gone);
  EXPECT_EQ(need(other), RecoveryNeed::outdated);
  other = own;
  other.shares_needed.reset();
  EXPECT_EQ(need(other), RecoveryNeed::each);
  other.officers.pop_back();
  EXPECT_EQ(need(other), RecoveryNeed::too_few);
  other = own;
  other.has_slot = false;
  EXPECT_EQ(need(other), RecoveryNeed::missing);
}

TEST(OwnRecoveryTest, AnOfficerWhomNobodyAcceptedIsNotTakenForOne) {
  Pins pins;
  const std::vector<Officer> officers = {{{}, "age1one"}, {{}, "age1two"}};
  EXPECT_FALSE(are_accepted(pins, kAlice, officers));
  accept_officers(pins, kAlice, officers);
  EXPECT_TRUE(are_accepted(pins, kAlice, officers));
  EXPECT_FALSE(are_accepted(pins, kAlice, {{{}, "age1one"}, {{}, "age1other"}}));
  const Pins before = pins;
  accept_officers(pins, kAlice, {{{}, "age1one"}, {{}, "age1other"}});
  EXPECT_FALSE(are_accepted(pins, kAlice, officers)) << "of those before, and none any more";
  ASSERT_TRUE(merge_pins(pins, before).has_value());
  EXPECT_FALSE(are_accepted(pins, kAlice, officers)) << "another run that knew those alone";
  EXPECT_FALSE(are_accepted(pins, *parcel::Address::parse("bob@example.org"), officers));
}

TEST(EnrolmentLinkTest, HasItsTokenBehindTheHash) {
  const auto server = ServerAddress::parse("https://files.example.org").value();
  const std::string token(43, 'k');
  EXPECT_EQ(parse_enrolment_link(token, server)->token.text, token);
  EXPECT_EQ(parse_enrolment_link("https://files.example.org/enrol#" + token, server)->token.text,
            token);
  EXPECT_EQ(base::said(parse_enrolment_link("https://evil.example.org/enrol#" + token, server)),
            "conflict: the enrolment link is of https://evil.example.org, not of "
            "https://files.example.org");
  for (const std::string& link : {std::string(), std::string(42, 'k'), token + "k", token + "\n",
                                  "https://files.example.org/enrol#" + token + "/"})
    EXPECT_FALSE(parse_enrolment_link(link, server).has_value()) << link;
}

TEST(EnrolmentLinkTest, MayNameTheOrganisationsKey) {
  const auto server = ServerAddress::parse("https://files.example.org").value();
  const std::string token(43, 'k');
  const std::string link = "https://files.example.org/e#" + token + ".";
  const std::string fingerprint(32, 'a');
  EXPECT_EQ(parse_enrolment_link(link + fingerprint, server)->token.text, token);
  EXPECT_EQ(parse_enrolment_link(link + fingerprint, server)->organisation, fingerprint);
  EXPECT_EQ(parse_enrolment_link(token, server)->organisation, "");
  for (const std::string& bad : {std::string(), std::string(31, 'a'), fingerprint + "a",
                                 std::string(32, 'g'), std::string(31, 'a') + " "})
    EXPECT_FALSE(parse_enrolment_link(link + bad, server).has_value()) << bad;
}

}  // namespace
}  // namespace sealift::client
