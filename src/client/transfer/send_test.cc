// Sending cut anywhere: the network, the process, the files themselves.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "age/open/open_payload.h"
#include "base/said_for_test.h"
#include "client/transfer/receive_content.h"
#include "client/transfer/send_content.h"
#include "client/transfer/send_state.h"
#include "client/transfer/test_pile.h"
#include "parcel/content_hash.h"

namespace sealift::client {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

// A receiver in memory. Holds durably what it was sent up to `durable_behind` bytes ago.
class MemoryTarget final : public UploadTarget {
 public:
  Result<std::uint64_t> offset() override {
    held.resize(held.size() - std::min<std::size_t>(held.size(), loses));
    return held.size();
  }
  Result<void> begin(std::uint64_t offset, std::uint64_t size_bytes) override {
    if (offset != held.size()) return base::fail(ErrorCode::conflict, "another offset");
    end_ = offset + size_bytes;
    return {};
  }
  Result<void> write(base::ByteView bytes) override {
    const std::size_t taken = std::min(bytes.size(), room);
    base::append(held, bytes.first(taken));
    room -= taken;
    if (taken < bytes.size()) return base::fail(how, "cut");
    return {};
  }
  Result<std::uint64_t> finish() override {
    EXPECT_EQ(held.size(), end_);
    return held.size();
  }

  base::Bytes held;
  std::size_t room = ~std::size_t{0};
  std::size_t loses = 0;
  ErrorCode how = ErrorCode::not_found;  // no retry: as if the process had died

 private:
  std::uint64_t end_ = 0;
};

class SendTest : public ::testing::Test {
 protected:
  SendTest() { fs::create_directories(root_); }

  SourceTree walk() {
    const std::vector<std::string> paths = {root_.string()};
    return walk_sources(paths).value();
  }
  // As a new process would: the journal from its file.
  Result<SentContent> send(MemoryTarget& target, unsigned attempts = 3) {
    const SourceTree tree = walk();
    const StreamMap map(tree.entries);
    const std::string path = folder_.path() + "/journal";
    const bool exists = fs::exists(path);
    base::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    using Journal = age::FileSealJournal;
    auto journal = exists ? Journal::open(std::move(file), Journal::Survives::process)
                          : Journal::create(std::move(file), random_, Journal::Survives::process);
    if (!journal) return tl::unexpected(journal.error());
    return send_content({.tree = tree,
                         .map = map,
                         .file_key = key_,
                         .journal = *journal,
                         .target = target,
                         .pipeline = pipeline_,
                         .patience = {.attempts_max = attempts}});
  }
  bool opens_to_the_files(const MemoryTarget& target) {
    const SourceTree tree = walk();
    const StreamMap map(tree.entries);
    age::PayloadNonce nonce;
    std::copy_n(target.held.begin(), nonce.size(), nonce.begin());
    age::MemorySource chunks(base::ByteView(target.held).subspan(nonce.size()));
    base::Bytes text;
    age::MemorySink sink(text);
    if (!age::open_payload(pipeline_, key_, nonce, chunks, sink)) return false;
    for (std::size_t i = 0; i < tree.entries.size(); ++i) {
      if (tree.entries[i].kind == parcel::EntryKind::folder) continue;
      const std::string content = testing::read_file(tree.paths[i]);
      const auto there = base::text_of(text).substr(map.content_begin(i), content.size());
      if (there != content) return false;
    }
    return text.size() == map.size_bytes();
  }

  base::TemporaryFolder folder_;
  fs::path root_ = fs::path(folder_.path()) / "pile";
  age::Pipeline pipeline_{2};
  crypto::SystemRandom random_;
  age::FileKey key_ = random_.secret<age::kFileKeySize>();
};

TEST_F(SendTest, CutAnywhereAndContinuedByAnotherProcessItIsOnePayload) {
  testing::make_pile(root_);
  MemoryTarget at_once;
  ASSERT_TRUE(send(at_once).has_value());
  ASSERT_TRUE(opens_to_the_files(at_once));
  for (const std::size_t room :
       {0ul, 10ul, 16ul, 1'000'000ul, 3'333'333ul, at_once.held.size() - 1}) {
    MemoryTarget target;
    target.room = room;
    EXPECT_EQ(base::said(send(target)), "not_found: cut") << room;
    EXPECT_EQ(target.held.size(), room);
    target.room = ~std::size_t{0};
    const auto sent = send(target);
    ASSERT_TRUE(sent.has_value()) << sent.error().text;
    EXPECT_EQ(sent->state, ContentState::sent);
    EXPECT_TRUE(target.held == at_once.held) << "the same bytes under the same key";
  }
}

TEST_F(SendTest, HashesAreThoseOfTheFilesHoweverOftenItWasContinued) {
  testing::make_pile(root_);
  MemoryTarget target;
  target.room = 2'000'000;
  static_cast<void>(send(target));
  target.room = ~std::size_t{0};
  const auto sent = send(target);
  ASSERT_TRUE(sent.has_value());
  const SourceTree tree = walk();
  for (std::size_t i = 0; i < tree.entries.size(); ++i) {
    if (tree.entries[i].kind == parcel::EntryKind::folder) continue;
    const std::string content = testing::read_file(tree.paths[i]);
    EXPECT_EQ(sent->hashes[i], parcel::content_hash(base::bytes_of(content)));
  }
}

TEST_F(SendTest, WhatTheReceiverLostIsSentAgain) {
  testing::write_file(root_ / "file", testing::random_content(5'000'000, 1));
  MemoryTarget target;
  target.room = 3'000'000;
  static_cast<void>(send(target));
  target.room = ~std::size_t{0};
  target.loses = 700'000;
  ASSERT_TRUE(send(target).has_value());
  target.loses = 0;
  EXPECT_TRUE(opens_to_the_files(target));
}

TEST_F(SendTest, BrokenConnectionIsTriedAgainByTheSameProcess) {
  testing::write_file(root_ / "file", testing::random_content(3'000'000, 1));
  MemoryTarget target;
  target.how = ErrorCode::io;
  target.room = 1'000'000;
  EXPECT_EQ(base::said(send(target)), "io: cut") << "room never comes back";
  target.room = ~std::size_t{0};
  ASSERT_TRUE(send(target).has_value());
  EXPECT_TRUE(opens_to_the_files(target));
}

// Bytes changed behind an unchanged size and time: nothing of them leaves under the old key.
TEST_F(SendTest, ChangedFileIsNotSealedUnderTheOldKey) {
  std::string content = testing::random_content(5'000'000, 1);
  testing::write_file(root_ / "file", content);
  MemoryTarget target;
  target.room = 3'000'000;
  static_cast<void>(send(target));
  const base::Bytes held = target.held;
  content[1'000'000] ^= 1;
  testing::write_file(root_ / "file", content);
  target.room = ~std::size_t{0};
  const auto sent = send(target);
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->state, ContentState::source_changed);
  EXPECT_TRUE(target.held == held);
}

TEST_F(SendTest, ReceiverWithMoreThanTheJournalKnowsMeansANewKey) {
  testing::write_file(root_ / "file", testing::random_content(5'000'000, 1));
  MemoryTarget target;
  target.room = 3'000'000;
  static_cast<void>(send(target));
  fs::resize_file(folder_.path() + "/journal", 40);  // its head alone: an old copy of itself
  target.room = ~std::size_t{0};
  const auto sent = send(target);
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->state, ContentState::source_changed);
}

TEST_F(SendTest, FinishedContentIsProvedWithoutSendingAByte) {
  testing::write_file(root_ / "file", testing::random_content(3'000'000, 1));
  MemoryTarget target;
  ASSERT_TRUE(send(target).has_value());
  target.room = 0;
  const auto again = send(target);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->state, ContentState::sent);
}

SendState example() {
  crypto::SystemRandom random;
  SendState state;
  state.stage = SendStage::content;
  state.parcel_id = random.array<16>();
  state.created_unix_ms = 1'795'000'000'000;
  state.file_key = random.secret<age::kFileKeySize>();
  state.upload = std::string(32, 'a');
  state.upload_key = std::string(43, 'A');
  state.link_secret = random.secret<32>();
  state.passphrase = crypto::SecretBuffer::copy_of(base::bytes_of("abcde-fghij"));
  return state;
}

TEST(SendStateTest, WhatIsWrittenIsReadBack) {
  const SendState state = example();
  const auto read = SendState::parse(state.text().view());
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(crypto::equal(read->text().view(), state.text().view()));
  EXPECT_EQ(read->stage, SendStage::content);
  EXPECT_TRUE(read->link_secret.has_value());
  EXPECT_FALSE(read->server_half.has_value());
}

TEST(SendStateTest, AnyLineChangedOrMissingIsRefused) {
  const auto text = example().text();
  const std::string good(base::text_of(text.view()));
  std::vector<std::string> bad = {"", "sealift-send/2\n", good + "more\n",
                                  good.substr(0, good.size() - 1)};
  for (std::size_t at = 0; at < good.size(); at = good.find('\n', at) + 1) {
    std::string without = good;
    without.erase(at, good.find('\n', at) + 1 - at);
    bad.push_back(without);
    std::string longer = good;
    longer.insert(good.find('\n', at), at < good.find("passphrase") ? "0" : std::string(2000, 'x'));
    if (good.substr(at, 7) != "created") bad.push_back(longer);
  }
  for (const std::string& each : bad) {
    const auto read = SendState::parse(base::bytes_of(each));
    ASSERT_FALSE(read.has_value()) << each;
    EXPECT_EQ(base::said(read), "malformed: this is not the state of a sending");
  }
}

TEST(SendFolderTest, IsReadableByItsOwnerAloneAndFoundAgain) {
  base::TemporaryFolder folder;
  crypto::SystemRandom random;
  const crypto::Sha256Digest key{};
  {
    SendFolder sending = SendFolder::open(folder.path() + "/sendings", key).value();
    EXPECT_FALSE(sending.load().value().has_value());
    ASSERT_TRUE(sending.begin(example(), random).has_value());
  }
  for (const auto& each : fs::recursive_directory_iterator(folder.path()))
    EXPECT_EQ(each.status().permissions() & fs::perms(0077), fs::perms::none);
  SendFolder again = SendFolder::open(folder.path() + "/sendings", key).value();
  const auto begun = again.load();
  ASSERT_TRUE(begun.has_value() && begun->has_value());
  EXPECT_EQ(base::said(again.load()), "conflict: the journal is in use") << "one process at a time";
  again.remove();
  EXPECT_TRUE(fs::is_empty(folder.path() + "/sendings"));
}

}  // namespace
}  // namespace sealift::client
