#include "directory/lookup.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/file_system.h"
#include "base/hex.h"
#include "base/temporary_folder.h"
#include "directory/replay.h"
#include "log/log_writer.h"

namespace sealift::directory {
namespace {

using base::ErrorCode;

constexpr std::string_view kMarie = "marie.tremblay@example.org";

// A directory as a server keeps it.
class TestDirectory {
 public:
  TestDirectory() : files_(base::DiskFileSystem::open_root(folder_.path()).value()) {
    crypto::SystemRandom random;
    std::array<std::byte, 32> seed{};
    seed.fill(std::byte{9});
    log::LogKey key{"example.org/log/directory", crypto::Ed25519Secret::from_seed(seed)};
    verifier = key.verifier();
    writer_ = log::LogWriter::open(files_, std::move(key)).value();
    append(FirstEntry{.vrf_key = vrf.public_key(), .organisation_key = {}, .predecessor = {}});
  }
  void change(std::string_view address, How how, std::uint32_t generation) {
    State state{how, generation, {}};
    if (how != How::removed) state.commitment = commitment_of({}, address, "key text");
    append(*replay.add(vrf.output(index_input(address)), state, 1000), Taken::already);
  }
  Lookup look(std::string_view address) {
    const std::uint64_t last = writer_->size() - 1;
    const log::Receipt receipt = writer_->receipt(last).value();
    return {.vrf = vrf.prove(index_input(address)),
            .map = replay.map().prove(vrf.output(index_input(address))),
            .last = last_,
            .path = receipt.path,
            .note = receipt.checkpoint_note};
  }
  base::Result<Found> verify(const Lookup& lookup, std::string_view address) {
    return verify_lookup(lookup, address, *verifier, vrf.public_key());
  }

  std::optional<log::VerifierKey> verifier;
  Replay replay;
  const crypto::VrfSecret vrf = [] {
    std::array<std::byte, 64> bytes{};
    bytes.fill(std::byte{7});
    return crypto::VrfSecret::from_uniform(bytes);
  }();

 private:
  enum class Taken { already, not_yet };
  void append(const Entry& entry, Taken taken = Taken::not_yet) {
    const base::Bytes bytes = encode_entry(entry);
    if (taken == Taken::not_yet) {
      EXPECT_TRUE(replay.take(bytes).has_value());
    }
    EXPECT_TRUE(writer_->append(std::span(&bytes, 1)).has_value());
    EXPECT_TRUE(writer_->publish().has_value());
    last_ = entry;
  }

  base::TemporaryFolder folder_;
  base::DiskFileSystem files_;
  std::unique_ptr<log::LogWriter> writer_;
  Entry last_;
};

TEST(LookupTest, PresenceAbsenceAndRemovalAreProved) {
  TestDirectory directory;
  ASSERT_TRUE(directory.verify(directory.look(kMarie), kMarie).has_value()) << "an empty map";
  for (int i = 0; i < 20; ++i)
    directory.change("person" + std::to_string(i) + "@example.org", How::enrolled, 1);
  EXPECT_EQ(directory.verify(directory.look(kMarie), kMarie)->state, std::nullopt);
  directory.change(kMarie, How::enrolled, 1);
  const auto there = directory.verify(directory.look(kMarie), kMarie);
  ASSERT_TRUE(there.has_value());
  EXPECT_EQ(there->state->commitment, commitment_of({}, kMarie, "key text"));
  EXPECT_EQ(there->checkpoint.head.size, 22U);
  EXPECT_EQ(there->changed_ms, 1000U);
  directory.change(kMarie, How::removed, 1);
  EXPECT_TRUE(directory.verify(directory.look(kMarie), kMarie)->state->is_removed());
}

TEST(LookupTest, AnswersOfAnotherAddressOrAnOlderMapAreRefused) {
  TestDirectory directory;
  directory.change("puppet@example.org", How::enrolled, 1);
  const Lookup old = directory.look(kMarie);  // absent, then
  directory.change(kMarie, How::enrolled, 1);
  const Lookup now = directory.look(kMarie);
  EXPECT_EQ(directory.verify(directory.look("puppet@example.org"), kMarie).error().code,
            ErrorCode::damaged);
  Lookup mixed = now;
  mixed.map = old.map;
  EXPECT_EQ(directory.verify(mixed, kMarie).error().code, ErrorCode::damaged) << "an older proof";
  mixed = now;
  mixed.last = old.last;
  EXPECT_EQ(directory.verify(mixed, kMarie).error().code, ErrorCode::damaged) << "not the last";
  mixed.path = old.path;
  mixed.map = old.map;
  EXPECT_EQ(directory.verify(mixed, kMarie).error().code, ErrorCode::damaged)
      << "an older map under a newer note";
  crypto::VrfPublic other = directory.vrf.public_key();
  other[1] ^= std::byte{1};
  EXPECT_FALSE(verify_lookup(now, kMarie, *directory.verifier, other).has_value());
}

TEST(LookupTest, WhatIsReadIsWhatIsWritten) {
  TestDirectory directory;
  for (int i = 0; i < 3; ++i) {
    const std::string text = lookup_text(directory.look(kMarie));
    const auto parsed = parse_lookup(text);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(lookup_text(*parsed), text);
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_FALSE(parse_lookup(std::string_view(text).substr(0, size)).has_value()) << size;
    for (std::size_t at = 0; i == 2 && at < text.size(); ++at) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      const auto read = parse_lookup(changed);
      EXPECT_FALSE(read && directory.verify(*read, kMarie)) << at;
    }
    directory.change("person" + std::to_string(i) + "@example.org", How::enrolled, 1);
  }
}

// The worked example of docs/formats/directory.md.
TEST(LookupTest, TheWorkedExampleHolds) {
  const TestDirectory directory;
  const Index index = directory.vrf.output(index_input(kMarie));
  const State state{How::enrolled, 1, commitment_of({}, kMarie, "key text")};
  EXPECT_EQ(base::hex_encode(index),
            "5f5f25566d4920cf6bc07fb15b51e5bfd30b6572edff32d0b821dd1666cffa12");
  EXPECT_EQ(base::hex_encode(state.commitment),
            "ba87df389bfeab19ee40c2df59c0042aabda27efadc8a45da76b8a13f990a9f6");
  EXPECT_EQ(base::hex_encode(value_of(state)),
            "be0b25c0e998967b2c6bf52fd12a214366fb204ff8a291f8689253f2198cba75");
  Map map;
  ASSERT_TRUE(map.put(index, state));
  EXPECT_EQ(base::hex_encode(map.root()),
            "5379743766eee98e2cf13f96dd9a151ded78ba3556ed4036431d8138e645f1bb");
}

}  // namespace
}  // namespace sealift::directory
