#include "client/account/pins.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/hex.h"
#include "base/said_for_test.h"
#include "base/temporary_folder.h"
#include "client/account/profile.h"
#include "parcel/directory_key.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

crypto::SystemRandom& random_source() {
  static crypto::SystemRandom random;
  return random;
}

// An account of a made-up directory, with as many generations of keys as a test wants.
class Generations {
 public:
  explicit Generations(int count) {
    for (int i = 0; i < count; ++i) add();
  }
  void add() {
    signing_.push_back(crypto::Ed25519Secret::generate(random_source()));
    api::DirectoryEntry entry;
    entry.account.bytes.fill(std::byte{7});
    entry.key.generation = entries.size() + 1;
    entry.key.recipient = "age1" + std::to_string(entries.size());
    entry.key.signing_key = signing_.back().public_key();
    if (!entries.empty())
      entry.key.endorsement = parcel::endorse_directory_key(
          {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key},
          signing_[signing_.size() - 2]);
    entries.push_back(std::move(entry));
  }
  // The newest one's event names `endorsing`, countersigned by `before` where there is one.
  void endorse_by(const crypto::Ed25519Secret& endorsing, const crypto::Ed25519Secret* before) {
    api::DirectoryEntry& entry = entries.back();
    std::string event = R"({"endorsing_key":")" + base::hex_encode(endorsing.public_key()) + R"(")";
    if (before != nullptr) {
      const auto signature = parcel::countersign_directory_key(
          {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key},
          endorsing.public_key(), *before);
      event += R"(,"countersignature":")" + base::hex_encode(signature) + R"(")";
    }
    entry.statement = {base::copy_of(base::bytes_of(event + "}"))};
  }
  KeyPin pin(std::size_t generation) const {
    const api::DirectoryEntry& entry = entries.at(generation - 1);
    return {entry.account, generation, entry.key.recipient, entry.key.signing_key, {}};
  }

  std::vector<api::DirectoryEntry> entries;

 private:
  std::vector<crypto::Ed25519Secret> signing_;
};

TEST(JudgeKeysTest, TakesWhatFollowsFromThePin) {
  const Generations account(3);
  EXPECT_EQ(judge_keys(std::nullopt, account.entries).value(), account.pin(3));
  for (const std::size_t pinned : {1U, 2U, 3U})
    EXPECT_EQ(judge_keys(account.pin(pinned), account.entries).value(), account.pin(3));
}

void expect_refused(const std::optional<KeyPin>& pin,
                    const std::vector<api::DirectoryEntry>& entries, const std::string& said) {
  const auto judged = judge_keys(pin, entries);
  EXPECT_EQ(base::said(judged), said);
}

TEST(JudgeKeysTest, RefusesAnOlderDirectoryAndChangedKeys) {
  const Generations account(3);
  auto entries = account.entries;
  entries.pop_back();
  expect_refused(account.pin(3), entries, "damaged: the directory went back to an older key");
  expect_refused(account.pin(1), {}, "damaged: the directory has no key any more");

  entries = account.entries;
  entries[1].key.recipient = "age1evil";
  expect_refused(account.pin(2), entries, "damaged: the key is not the one seen before");
  expect_refused(account.pin(1), entries, "damaged: the new key is not endorsed by the one before");

  entries = account.entries;
  entries[2].key.endorsement.reset();
  expect_refused(account.pin(2), entries, "damaged: the new key is not endorsed by the one before");

  entries = account.entries;
  entries[2].key.endorsement = entries[1].key.endorsement;
  expect_refused(account.pin(2), entries, "damaged: the new key is not endorsed by the one before");

  entries = account.entries;
  entries.erase(entries.begin() + 1);
  expect_refused(account.pin(1), entries, "damaged: the directory leaves keys out");

  Generations other(3);
  for (auto& entry : other.entries) entry.account.bytes.fill(std::byte{8});
  expect_refused(account.pin(1), other.entries,
                 "damaged: the address belongs to another account than before");
  expect_refused(account.pin(1), Generations(3).entries,
                 "damaged: the key is not the one seen before");
}

TEST(JudgeKeysTest, AnEndorsingKeyHasToCountersignWhatFollows) {
  const auto paper = crypto::Ed25519Secret::generate(random_source());
  const auto thief = crypto::Ed25519Secret::generate(random_source());
  Generations account(1);
  account.endorse_by(paper, nullptr);
  const KeyPin pin = judge_keys(account.pin(1), account.entries).value();
  EXPECT_EQ(pin.endorsing_key, paper.public_key());
  account.add();
  // With a stolen signing key, and whatever the thief can sign besides.
  expect_refused(pin, account.entries,
                 "damaged: the new key is not countersigned by its owner's paper key");
  expect_refused(account.pin(1), account.entries,
                 "damaged: the new key is not countersigned by its owner's paper key");
  account.endorse_by(thief, nullptr);
  expect_refused(pin, account.entries,
                 "damaged: the new key is not countersigned by its owner's paper key");
  account.endorse_by(thief, &thief);
  expect_refused(pin, account.entries,
                 "damaged: the new key is not countersigned by its owner's paper key");
  auto stripped = account.entries;
  stripped.front().statement.reset();
  expect_refused(pin, stripped, "damaged: the event of the key is not the one seen before");
  account.endorse_by(paper, &paper);
  EXPECT_EQ(judge_keys(pin, account.entries).value().generation, 2U);
  EXPECT_EQ(judge_keys(std::nullopt, account.entries).value().generation, 2U);
  account.add();
  account.endorse_by(thief, &paper);
  EXPECT_EQ(judge_keys(pin, account.entries).value().endorsing_key, thief.public_key())
      << "its owner has another paper key from then on";
}

Pins some_pins() {
  Pins pins;
  pins.log = LogPin{"files.example.org+00000000+AAAA", {42, {}}, "note\n"};
  pins.log->head.root.fill(std::byte{9});
  pins.keys["a@example.org"] = Generations(2).pin(2);
  pins.keys["b@example.org"] = Generations(1).pin(1);
  pins.keys["b@example.org"].endorsing_key.emplace().fill(std::byte{3});
  pins.login_parameters["b@example.org"] = base::Bytes(25, std::byte{1});
  pins.officers["a@example.org"] = {.times = 3, .recipients = {"age1one", "age1two"}};
  return pins;
}

TEST(PinsTest, AreReadBackAsWritten) {
  for (const Pins& pins : {Pins{}, some_pins()}) {
    const auto read = decode_pins(base::bytes_of(encode_pins(pins)));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, pins);
  }
}

TEST(PinsTest, DamagedOnesAreNotTakenForNone) {
  const std::string whole = encode_pins(some_pins());
  for (const char* text :
       {"", "{}", "[]", R"({"version":2,"keys":{},"login_parameters":{}})",
        R"({"version":1,"keys":{}})", R"({"version":1,"keys":{"a@b":{}},"login_parameters":{}})",
        R"({"version":1,"keys":{},"login_parameters":{"a@b":1}})",
        R"({"version":1,"keys":{},"login_parameters":{},"log":{}})"})
    EXPECT_FALSE(decode_pins(base::bytes_of(text)).has_value()) << text;
  for (std::size_t i = 0; i + 2 < whole.size(); ++i)
    EXPECT_FALSE(decode_pins(base::bytes_of(whole.substr(0, i))).has_value()) << i;
}

TEST(PinsTest, MergingKeepsTheNewerOfEach) {
  const Generations account(3);
  Pins one;
  one.keys["a@example.org"] = account.pin(3);
  one.log = LogPin{"key", {10, {}}, ""};
  Pins two;
  two.keys["a@example.org"] = account.pin(2);
  two.keys["b@example.org"] = account.pin(1);
  two.log = LogPin{"key", {11, {}}, ""};
  ASSERT_TRUE(merge_pins(one, two).has_value());
  EXPECT_EQ(one.keys["a@example.org"], account.pin(3));
  EXPECT_EQ(one.keys["b@example.org"], account.pin(1));
  EXPECT_EQ(one.log->head.size, 11U);
}

// Two runs at once, each shown something else: neither may pass for what both saw.
TEST(PinsTest, MergingWhatContradictsIsAnAlarm) {
  const Pins kept = some_pins();
  const auto refuses = [&](const std::string& what, auto change) {
    Pins newer = kept;
    change(newer);
    Pins merged = kept;
    const auto done = merge_pins(merged, newer);
    EXPECT_EQ(base::said(done), "damaged: the server " + what + " of this client");
    EXPECT_EQ(merged, kept) << "nothing was taken";
  };
  refuses("showed another key of somebody to another run",
          [](Pins& pins) { pins.keys.begin()->second.recipient = "age1other"; });
  refuses("showed another key of somebody to another run",
          [](Pins& pins) { pins.keys.begin()->second.signing_key[0] ^= std::byte{1}; });
  refuses("showed another key of somebody to another run",
          [](Pins& pins) { pins.keys.begin()->second.account.bytes[0] ^= std::byte{1}; });
  refuses("showed another key of somebody to another run", [](Pins& pins) {
    pins.keys.begin()->second.account.bytes[0] ^= std::byte{1};
    ++pins.keys.begin()->second.generation;
  });
  refuses("showed another log to another run",
          [](Pins& pins) { pins.log->head.root[0] ^= std::byte{1}; });
  refuses("showed another log to another run", [](Pins& pins) { pins.log->key += "x"; });
  refuses("showed another log to another run", [](Pins& pins) {
    pins.log->key += "x";
    ++pins.log->head.size;
  });
  refuses("had a password hashed in two ways by two runs",
          [](Pins& pins) { pins.login_parameters.begin()->second.push_back(std::byte{1}); });
  Pins same = kept;
  EXPECT_TRUE(merge_pins(same, kept).has_value());
  EXPECT_EQ(same, kept);
}

class ProfileTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/profile"; }
  static unsigned mode_of(const std::string& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 0777U;
  }
  Login login() {
    return {.server = ServerAddress::parse("https://files.example.org").value(),
            .trust = {.pinned = tls::CertificateFingerprint{std::byte{1}}, .authorities_pem = "x"},
            .account = {},
            .address = parcel::Address::parse("a@example.org").value(),
            .session = {},
            .token = {std::string(43, 't')},
            .expires = base::UnixTime(std::chrono::milliseconds(1234))};
  }

  base::TemporaryFolder folder_;
};

TEST_F(ProfileTest, KeepsALoginUntilItIsForgotten) {
  const auto profile = Profile::open(path());
  ASSERT_TRUE(profile.has_value());
  EXPECT_FALSE(profile->login().value().has_value());
  const auto keys =
      AccountKeys::generate(parcel::Address::parse("a@example.org").value(), random_source());
  ASSERT_TRUE(profile->save_login(login(), *keys).has_value());
  const auto read = profile->login().value();
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(encode_login(*read), encode_login(login()));
  EXPECT_EQ(profile->keys()->recipient().value(), keys->recipient().value());
  ASSERT_TRUE(profile->save_pins(login().server, some_pins()).has_value());
  ASSERT_TRUE(profile->forget_login().has_value());
  EXPECT_FALSE(profile->login().value().has_value());
  EXPECT_FALSE(profile->keys().has_value());
  EXPECT_EQ(profile->pins(login().server)->log, some_pins().log);
}

TEST_F(ProfileTest, NobodyElseCanReadIt) {
  const auto profile = Profile::open(path());
  const auto keys =
      AccountKeys::generate(parcel::Address::parse("a@example.org").value(), random_source());
  ASSERT_TRUE(profile->save_login(login(), *keys).has_value());
  ASSERT_TRUE(profile->save_pins(login().server, some_pins()).has_value());
  EXPECT_EQ(mode_of(path()), 0700U);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path())) {
    EXPECT_EQ(mode_of(entry.path()) & 077U, 0U) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 6);  // login, identity, lock, pins and two in it
}

TEST_F(ProfileTest, WhatOthersMayReadIsRefused) {
  const auto profile = Profile::open(path());
  const auto keys =
      AccountKeys::generate(parcel::Address::parse("a@example.org").value(), random_source());
  ASSERT_TRUE(profile->save_login(login(), *keys).has_value());
  ASSERT_EQ(::chmod((path() + "/identity.txt").c_str(), 0644), 0);
  const auto read = profile->keys();
  ASSERT_FALSE(read.has_value());
  EXPECT_TRUE(base::said(read).starts_with("forbidden: others than you may read or change "));
  ASSERT_EQ(::chmod(path().c_str(), 0755), 0);
  EXPECT_FALSE(Profile::open(path()).has_value());
}

TEST_F(ProfileTest, AnUnreadableLoginIsAnErrorNotALogout) {
  for (const char* text : {"", "{}", "[1]", "{\"server\":\"http://evil.example.org\"}"}) {
    const auto login = decode_login(base::bytes_of(text));
    ASSERT_FALSE(login.has_value());
    EXPECT_EQ(base::said(login), "malformed: the profile's login can't be read");
  }
}

}  // namespace
}  // namespace sealift::client
