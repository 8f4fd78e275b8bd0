// For tests of clients: a server's two logs, real ones in folders, that say whatever a test has
// them say.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file_system.h"
#include "base/temporary_folder.h"
#include "directory/lookup.h"
#include "directory/map.h"
#include "log/log_writer.h"
#include "log/proof.h"
#include "parcel/address.h"

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
  explicit TestLog(const crypto::Ed25519Secret& secret = log_secret(),
                   const std::string& name = std::string(kOrigin))
      : files_(base::DiskFileSystem::open_root(folder_.path()).value()),
        key_{name, crypto::Ed25519Secret::from_seed(secret.seed().view())},
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
  std::uint64_t size() const { return writer_->size(); }
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

// A real directory in a log of its own, that says whatever the test has it say.
class TestDirectory {
 public:
  explicit TestDirectory(const crypto::Ed25519Secret& secret = log_secret())
      : log(secret, std::string(kOrigin) + "/directory") {
    last_ = directory::FirstEntry{
        .vrf_key = vrf().public_key(), .organisation_key = {}, .predecessor = {}};
    append();
  }
  static const crypto::VrfSecret& vrf() {
    static const crypto::VrfSecret secret =
        crypto::VrfSecret::from_uniform(random_source().array<64>());
    return secret;
  }
  static directory::Index index_of(std::string_view address) {
    return vrf().output(directory::index_input(address));
  }

  // A change as it may be, or as it may not.
  void change(std::string_view address, const directory::State& state) {
    ASSERT_TRUE(map.put(index_of(address), state));
    last_ = directory::ChangeEntry{++time_ms_, index_of(address), state, map.root()};
    append();
  }
  // An entry whose root isn't the map's.
  void append_wrong_root(std::string_view address, const directory::State& state) {
    last_ =
        directory::ChangeEntry{++time_ms_, index_of(address), state, random_source().array<32>()};
    append();
  }
  std::string look(std::string_view address) {
    const log::Receipt receipt = log::parse_receipt(log.receipt(log.size() - 1)).value();
    return directory::lookup_text({.vrf = vrf().prove(directory::index_input(address)),
                                   .map = map.prove(index_of(address)),
                                   .last = last_,
                                   .path = receipt.path,
                                   .note = receipt.checkpoint_note});
  }

  TestLog log;
  directory::Map map;

 private:
  void append() { log.add(directory::encode_entry(last_)); }

  directory::Entry last_;
  std::uint64_t time_ms_ = 1000;
};

}  // namespace sealift::client
