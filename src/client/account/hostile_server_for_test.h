// HostileServer: a log and a directory that are true, and whatever lies a test puts before them.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "age/open/open_identity.h"
#include "base/hex.h"
#include "base/said_for_test.h"
#include "client/account/key_finder.h"
#include "client/account/log_watch.h"
#include "client/account/logs_for_test.h"
#include "client/responder_for_test.h"
#include "parcel/retirement.h"

namespace sealift::client {

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
    if (target.starts_with("/log/directory/")) {
      const auto file = directory->log.read(target.substr(15));
      return file ? Answer{response("200 OK", *file)} : not_found();
    }
    if (target.starts_with("/log/")) {
      const auto file = log->read(target.substr(5));
      return file ? Answer{response("200 OK", *file)} : not_found();
    }
    if (target == "/api/v1/server")
      return {response("200 OK",
                       api::encode(api::ServerDescription{.name = "test",
                                                          .version = "1",
                                                          .log_origin = std::string(kOrigin),
                                                          .log_key = log->vkey(),
                                                          .directory_key = directory->log.vkey(),
                                                          .incident_recipient = {},
                                                          .now = {},
                                                          .lockdown = {},
                                                          .reopen_keys = reopen_keys,
                                                          .restore_statement = statement}))};
    if (target == "/api/v1/directory/find" && denies_address) return not_found();
    if (target == "/api/v1/directory/find" && !entries.empty()) {
      api::DirectoryEntry newest = entries.back();
      newest.lookup = lookup ? *lookup : directory->look(kAlice.text());
      return {response("200 OK", api::encode(newest))};
    }
    if (target.starts_with("/api/v1/directory/") && !denies_history)
      return {response("200 OK", api::encode(api::Directory{entries}))};
    return not_found();
  }

  // Publishes a generation of keys, as the real server does.
  void publish(api::Key key, std::string_view kind = "key_published") {
    api::DirectoryEntry entry = logged(std::move(key), kind);
    entry_in_directory(entry);
    entries.push_back(std::move(entry));
  }
  // A key that stands in the log of events, and nowhere else.
  api::DirectoryEntry logged(api::Key key, std::string_view kind = "key_published") {
    api::DirectoryEntry entry;
    entry.account.bytes.fill(std::byte{7});
    entry.key = std::move(key);
    entry.event.bytes = random_source().array<16>();
    const auto digest = parcel::directory_key_digest(
        {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key});
    const std::string event =
        R"({"account":")" + entry.account.text() + R"(","event":")" + entry.event.text() +
        R"(","generation":)" + std::to_string(entry.key.generation) + R"(,"happened":1,"key":")" +
        base::hex_encode(digest) + R"(","kind":")" + std::string(kind) +
        (entry.key.retirement
             ? R"(","retirement":")" + base::hex_encode(*entry.key.retirement) + R"("})"
             : R"("})");
    const log::EventSalt salt = random_source().array<32>();
    const std::uint64_t index = log->add(log::event_entry(salt, base::bytes_of(event)));
    entry.log_index = index;
    entry.salt = api::Base64{base::copy_of(salt)};
    entry.statement = api::Base64{base::copy_of(base::bytes_of(event))};
    entry.proof = log->receipt(index);
    entry.key.retirement.reset();  // only the event says it
    return entry;
  }
  void entry_in_directory(api::DirectoryEntry& entry) {
    directory::Opening opening{
        .salt = random_source().array<32>(),
        .how = entry.key.generation == 1 ? directory::How::enrolled : directory::How::rotated,
        .previous = {}};
    if (entry.key.generation > 1 && !commitments.empty()) opening.previous = commitments.back();
    const directory::State state{opening.how, static_cast<std::uint32_t>(entry.key.generation),
                                 directory::commitment_of(opening, kAlice.text(), key_text(entry))};
    entry.opening = api::Base64{directory::encode_opening(opening)};
    commitments.push_back(state.commitment);
    directory->change(kAlice.text(), state);
  }
  static std::string key_text(const api::DirectoryEntry& entry) {
    return parcel::directory_key_text(
        {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key});
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

  // The next generation, which says where in the log the ones before it end.
  api::Key retiring_key(const log::TreeHead& end) {
    api::Key key = next_key();
    std::array<std::byte, 16> account;
    account.fill(std::byte{7});
    key.retirement = parcel::sign_retirement(
        {account, key.generation, key.recipient, key.signing_key}, end, signing.back());
    return key;
  }

  std::shared_ptr<TestLog> log = std::make_shared<TestLog>();
  std::shared_ptr<TestDirectory> directory = std::make_shared<TestDirectory>();
  std::optional<std::string> lookup;  // told instead of the true one
  std::vector<directory::Commitment> commitments;
  std::vector<api::DirectoryEntry> entries;
  std::vector<crypto::Ed25519Secret> signing;
  std::map<std::string, std::string> lies;  // by target
  bool denies_address = false;              // as if the account had never been
  bool denies_history = false;
  std::vector<std::string> reopen_keys;
  std::optional<std::string> statement;
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
  void expect_refused(const base::Result<T>& result, const Pins& before, const std::string& said) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(base::said(result), said);
    EXPECT_EQ(pins_, before);
  }

  HostileServer server_;
  HttpClient http_ = HttpClient::make(server_.responder_.settings()).value();
  api::Api api_{http_};
  Pins pins_;
};

}  // namespace sealift::client
