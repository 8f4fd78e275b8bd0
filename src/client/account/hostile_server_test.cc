// A server that was broken into, or is made to lie: each lie ends in a refusal, and what the client
// remembers stays as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/file_system.h"
#include "base/hex.h"
#include "base/temporary_folder.h"
#include "client/account/entering.h"
#include "client/account/key_finder.h"
#include "client/account/log_watch.h"
#include "client/responder_for_test.h"
#include "log/log_writer.h"
#include "parcel/directory_key.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

constexpr std::string_view kOrigin = "files.example.org/log";
const parcel::Address kAlice = parcel::Address::parse("alice@example.org").value();

crypto::SystemRandom& random_source() {
  static crypto::SystemRandom random;
  return random;
}

const crypto::Ed25519Secret& log_secret() {
  static const crypto::Ed25519Secret secret = crypto::Ed25519Secret::generate(random_source());
  return secret;
}

// A real log in a folder.
class TestLog {
 public:
  explicit TestLog(const crypto::Ed25519Secret& secret = log_secret())
      : files_(base::DiskFileSystem::open_root(folder_.path()).value()),
        key_{std::string(kOrigin), crypto::Ed25519Secret::from_seed(secret.seed().view())},
        verifier_(key_.verifier()),
        writer_(log::LogWriter::open(files_, std::move(key_)).value()) {
    EXPECT_TRUE(writer_->publish().has_value());
  }

  std::uint64_t add(base::Bytes entry) {
    const std::uint64_t index = writer_->append(std::span(&entry, 1)).value();
    EXPECT_TRUE(writer_->publish().has_value());
    return index;
  }
  void grow(int entries, const std::string& what = "entry") {
    std::vector<base::Bytes> all;
    for (int i = 0; i < entries; ++i)
      all.push_back(base::copy_of(base::bytes_of(what + std::to_string(i))));
    if (!all.empty()) {
      EXPECT_TRUE(writer_->append(all).has_value());
    }
    EXPECT_TRUE(writer_->publish().has_value());
  }
  std::string receipt(std::uint64_t index) {
    return log::receipt_text(writer_->receipt(index).value());
  }
  std::string checkpoint() { return *read("checkpoint"); }
  std::string vkey() const { return verifier_.text(); }
  std::optional<std::string> read(const std::string& path) {
    std::ifstream in(folder_.path() + "/" + path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string((std::istreambuf_iterator<char>(in)), {});
  }
  std::vector<std::string> tile_paths() const {
    std::vector<std::string> paths;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder_.path() + "/tile"))
      if (each.is_regular_file())
        paths.push_back(std::filesystem::relative(each.path(), folder_.path()).string());
    return paths;
  }

 private:
  base::TemporaryFolder folder_;
  base::DiskFileSystem files_;
  log::LogKey key_;
  log::VerifierKey verifier_;
  std::unique_ptr<log::LogWriter> writer_;
};

// Serves a log and a directory of one account, and whatever lies the test puts before them.
class HostileServer {
 public:
  HostileServer() : responder_([this](const std::string& request) { return answer(request); }) {}

  static Answer not_found() { return {response("404 Not Found", R"({"code":"not_found"})")}; }

  Answer answer(const std::string& request) {
    const std::size_t start = request.find(' ') + 1;
    const std::string target = request.substr(start, request.find(' ', start) - start);
    if (const auto lie = lies.find(target); lie != lies.end())
      return {response("200 OK", lie->second)};
    if (target.starts_with("/log/")) {
      const auto file = log->read(target.substr(5));
      return file ? Answer{response("200 OK", *file)} : not_found();
    }
    if (target == "/api/v1/server")
      return {
          response("200 OK", api::encode(api::ServerDescription{.name = "test",
                                                                .version = "1",
                                                                .log_origin = std::string(kOrigin),
                                                                .log_key = log->vkey(),
                                                                .incident_recipient = {},
                                                                .now = {},
                                                                .lockdown = {}}))};
    if (target == "/api/v1/directory/find" && !entries.empty())
      return {response("200 OK", api::encode(entries.back()))};
    if (target.starts_with("/api/v1/directory/"))
      return {response("200 OK", api::encode(api::Directory{entries}))};
    return not_found();
  }

  // Publishes a generation of keys, as the real server does.
  void publish(api::Key key, std::string_view kind = "key_published") {
    api::DirectoryEntry entry;
    entry.account.bytes.fill(std::byte{7});
    entry.key = std::move(key);
    entry.event.bytes = random_source().array<16>();
    const auto digest = parcel::directory_key_digest(
        {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key});
    const std::string event =
        R"({"account":")" + entry.account.text() + R"(","event":")" + entry.event.text() +
        R"(","generation":)" + std::to_string(entry.key.generation) + R"(,"happened":1,"key":")" +
        base::hex_encode(digest) + R"(","kind":")" + std::string(kind) + R"("})";
    const log::EventSalt salt = random_source().array<32>();
    const std::uint64_t index = log->add(log::event_entry(salt, base::bytes_of(event)));
    entry.log_index = index;
    entry.salt = api::Base64{base::copy_of(salt)};
    entry.statement = api::Base64{base::copy_of(base::bytes_of(event))};
    entry.proof = log->receipt(index);
    entries.push_back(std::move(entry));
  }

  // Keys of the account's next generation, endorsed by the one before.
  api::Key next_key() {
    signing.push_back(crypto::Ed25519Secret::generate(random_source()));
    const auto identity = age::Identity::generate(age::KeyKind::x25519, random_source());
    api::Key key{.generation = signing.size(),
                 .recipient = identity->recipient()->text(),
                 .signing_key = signing.back().public_key(),
                 .endorsement = {}};
    if (signing.size() > 1) {
      std::array<std::byte, 16> account;
      account.fill(std::byte{7});
      key.endorsement = parcel::endorse_directory_key(
          {account, key.generation, key.recipient, key.signing_key}, signing[signing.size() - 2]);
    }
    return key;
  }

  std::shared_ptr<TestLog> log = std::make_shared<TestLog>();
  std::vector<api::DirectoryEntry> entries;
  std::vector<crypto::Ed25519Secret> signing;
  std::map<std::string, std::string> lies;  // by target
  Responder responder_;
};

class HostileServerTest : public testing::Test {
 protected:
  base::Result<log::Checkpoint> follow() { return LogWatch(api_, pins_.log).follow(); }
  base::Result<FoundKeys> find() { return KeyFinder(api_, pins_, {}).find(kAlice); }
  base::Result<LogCheck> check_all() {
    SEALIFT_TRY(const log::Checkpoint newest, follow());
    return check_whole_log(api_, newest.head, std::nullopt, {});
  }
  // Whatever was asked for is refused, and nothing that was remembered has changed.
  template <typename T>
  void expect_refused(const base::Result<T>& result, const Pins& before, ErrorCode code) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, code) << result.error().text;
    EXPECT_EQ(pins_, before);
  }

  HostileServer server_;
  HttpClient http_ = HttpClient::make(server_.responder_.settings()).value();
  api::Api api_{http_};
  Pins pins_;
};

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
  expect_refused(follow(), Pins(pins_), ErrorCode::damaged);
}

TEST_F(HostileServerTest, AForkedLogIsRefused) {
  server_.log->grow(300);
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  for (const int entries : {300, 301, 700}) {
    server_.log = std::make_shared<TestLog>();
    server_.log->grow(entries, "forged");
    expect_refused(follow(), before, ErrorCode::damaged);
  }
}

TEST_F(HostileServerTest, ALogUnderAnotherKeyIsRefused) {
  server_.log->grow(3);
  ASSERT_TRUE(follow().has_value());
  const Pins before = pins_;
  server_.log = std::make_shared<TestLog>(crypto::Ed25519Secret::generate(random_source()));
  server_.log->grow(9);
  expect_refused(follow(), before, ErrorCode::no_match);
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
  EXPECT_EQ(checked.error().code, ErrorCode::damaged);
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
  EXPECT_EQ(find().error().code, ErrorCode::damaged) << "swapped recipient";
  server_.entries[0] = good;
  server_.entries[0].account.bytes.fill(std::byte{9});
  EXPECT_EQ(find().error().code, ErrorCode::damaged) << "swapped account";
  server_.entries[0] = good;
  server_.entries[0].proof.reset();
  EXPECT_EQ(find().error().code, ErrorCode::conflict) << "no proof";
  server_.entries[0] = good;
  server_.entries[0].salt->bytes[0] ^= std::byte{1};
  EXPECT_EQ(find().error().code, ErrorCode::damaged) << "another salt";
  EXPECT_TRUE(pins_.keys.empty());

  server_.entries.clear();
  server_.signing.clear();
  server_.publish(server_.next_key(), "account_changed");
  EXPECT_EQ(find().error().code, ErrorCode::damaged) << "another kind of event";
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
  expect_refused(find(), before, ErrorCode::damaged);
}

TEST_F(HostileServerTest, ADirectoryThatWentBackIsRefused) {
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  const Pins before = pins_;
  server_.entries.pop_back();
  expect_refused(find(), before, ErrorCode::damaged);
}

TEST_F(HostileServerTest, AKeyThatWasChangedWithoutEndorsementIsRefused) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  api::Key rotated = server_.next_key();
  rotated.endorsement.reset();
  server_.publish(rotated);
  const auto refused = find();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::damaged);
  EXPECT_EQ(pins_.keys.at(kAlice.text()).generation, 1U);
}

TEST_F(HostileServerTest, AHistoryThatIsNotTheNewestKeysIsRefused) {
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  const api::Directory shorter{{server_.entries[0]}};
  server_.lies["/api/v1/directory/" + server_.entries[0].account.text()] = api::encode(shorter);
  const auto refused = find();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::damaged);
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
    if (target == "/api/v1/enrolments/look")
      return {
          response("200 OK", api::encode(api::EnrolmentOffer{.parameters = wire,
                                                             .address = kAlice.text(),
                                                             .roles = {},
                                                             .expires = {},
                                                             .recovery_recipients = officers}))};
    if (target == "/api/v1/enrolments/take") {
      enrolled = api::decode<api::Enrol>(body).value();
      return {response("201 Created", api::encode(begun()))};
    }
    if (target == "/api/v1/sessions/prepare")
      return {response("200 OK", api::encode(api::Prepared{.parameters = wire, .challenge = {}}))};
    if (target == "/api/v1/sessions") return log_in(api::decode<api::Begin>(body).value());
    if (target == "/api/v1/account/slots") return {response("200 OK", api::encode(slots()))};
    return HostileServer::not_found();
  }

  Answer log_in(const api::Begin& asked) {
    for (const api::NewSlot& slot : enrolled.slots)
      if (slot.authentication && slot.authentication->key == asked.authentication_key)
        return {response("201 Created", api::encode(begun()))};
    return {response("401 Unauthorized", R"({"code":"unauthorized"})")};
  }

  api::Begun begun() const {
    api::Begun out;
    out.token.text = std::string(43, 't');
    out.account.address = answered_address;
    out.account.id.bytes.fill(std::byte{7});
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

  parcel::LoginParameters parameters;
  std::string answered_address = kAlice.text();
  std::vector<std::string> officers;
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
                  .password = base::bytes_of("correct horse battery")},
                 pins_, random_source());
  }
  base::Result<Entered> log_in_alice(std::string_view password = "correct horse battery") {
    return log_in(api::Api(http_), kAlice, base::bytes_of(password), pins_);
  }

  AccountServer server_;
  HttpClient http_ = HttpClient::make(server_.responder_.settings()).value();
  Pins pins_;
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

TEST_F(EnteringTest, AWrongPasswordIsNotAContradiction) {
  ASSERT_TRUE(enrol_alice().has_value());
  const auto entered = log_in_alice("wrong horse battery");
  ASSERT_FALSE(entered.has_value());
  EXPECT_EQ(entered.error().code, ErrorCode::unauthorized);
}

TEST_F(EnteringTest, AnotherSaltThanBeforeIsRefusedBeforeAnythingIsSent) {
  ASSERT_TRUE(enrol_alice().has_value());
  const Pins before = pins_;
  const auto asked = server_.responder_.requests().size();
  server_.parameters.salt[0] ^= std::byte{1};
  const auto entered = log_in_alice();
  ASSERT_FALSE(entered.has_value());
  EXPECT_EQ(entered.error().code, ErrorCode::damaged);
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
    EXPECT_EQ(entered.error().code, ErrorCode::unsupported) << passes << " " << memory_kib;
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
  EXPECT_EQ(log_in_alice().error().code, ErrorCode::damaged);
  server_.enrolled = good;
  server_.enrolled.slots[0].file.bytes.back() ^= std::byte{1};
  EXPECT_EQ(log_in_alice().error().code, ErrorCode::damaged);
  server_.enrolled = good;
  server_.enrolled.slots[0].generation = 2;
  EXPECT_EQ(log_in_alice().error().code, ErrorCode::damaged);
  server_.enrolled = good;
  server_.answered_address = "mallory@example.org";
  EXPECT_EQ(log_in_alice().error().code, ErrorCode::damaged);
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
  EXPECT_EQ(entered.error().code, ErrorCode::damaged);
  EXPECT_EQ(pins_, before);
}

TEST_F(EnteringTest, RecoverySlotIsMadeForTheNamedOfficersAlone) {
  const auto officer = age::Identity::generate(age::KeyKind::x25519, random_source()).value();
  ASSERT_TRUE(enrol_alice().has_value());
  EXPECT_EQ(server_.enrolled.slots.size(), 2U);
  pins_ = {};
  server_.officers = {officer.recipient().value().text()};
  const auto enrolled = enrol_alice();
  ASSERT_TRUE(enrolled.has_value());
  EXPECT_EQ(enrolled->recovery_recipients, server_.officers);
  ASSERT_EQ(server_.enrolled.slots.size(), 3U);
  EXPECT_FALSE(server_.enrolled.slots[2].authentication.has_value());
  EXPECT_TRUE(open_slot(server_.enrolled.slots[2].file.bytes, officer, kAlice).has_value());
}

TEST(EnrolmentLinkTest, HasItsTokenBehindTheHash) {
  const auto server = ServerAddress::parse("https://files.example.org").value();
  const std::string token(43, 'k');
  EXPECT_EQ(token_of_link(token, server)->text, token);
  EXPECT_EQ(token_of_link("https://files.example.org/enrol#" + token, server)->text, token);
  EXPECT_EQ(token_of_link("https://evil.example.org/enrol#" + token, server).error().code,
            ErrorCode::conflict);
  for (const std::string& link : {std::string(), std::string(42, 'k'), token + "k", token + "\n",
                                  "https://files.example.org/enrol#" + token + "/"})
    EXPECT_FALSE(token_of_link(link, server).has_value()) << link;
}

}  // namespace
}  // namespace sealift::client
