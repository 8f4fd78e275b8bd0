// HostileServer: a log and a directory that are true, and whatever lies a test puts before them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "age/open/open_identity.h"
#include "base/file_system.h"
#include "base/hex.h"
#include "base/temporary_folder.h"
#include "client/account/key_finder.h"
#include "client/account/log_watch.h"
#include "client/responder_for_test.h"
#include "log/log_writer.h"
#include "log/proof.h"
#include "parcel/directory_key.h"

namespace sealift::client {

inline constexpr std::string_view kOrigin = "files.example.org/log";
inline const parcel::Address kAlice = parcel::Address::parse("alice@example.org").value();

inline crypto::SystemRandom& random_source() {
  static crypto::SystemRandom random;
  return random;
}

inline const crypto::Ed25519Secret& log_secret() {
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
                                                                .lockdown = {},
                                                                .reopen_keys = reopen_keys,
                                                                .restore_statement = statement}))};
    if (target == "/api/v1/directory/find" && denies_address) return not_found();
    if (target == "/api/v1/directory/find" && !entries.empty())
      return {response("200 OK", api::encode(entries.back()))};
    if (target.starts_with("/api/v1/directory/") && !denies_history)
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
  void expect_refused(const base::Result<T>& result, const Pins& before, base::ErrorCode code) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, code) << result.error().text;
    EXPECT_EQ(pins_, before);
  }

  HostileServer server_;
  HttpClient http_ = HttpClient::make(server_.responder_.settings()).value();
  api::Api api_{http_};
  Pins pins_;
};

}  // namespace sealift::client
