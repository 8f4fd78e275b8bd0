#include "log/log_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "base/byte_writer.h"
#include "base/fault_file_system.h"
#include "base/limits.h"
#include "base/temporary_folder.h"
#include "log/internal/journal.h"
#include "log/log_verifier.h"

namespace sealift::log {
namespace {

using base::Bytes;
using base::ErrorCode;

LogKey some_key(unsigned char first = 1) {
  std::array<std::byte, 32> seed{std::byte{first}};
  return {"sealift.example/log", crypto::Ed25519Secret::from_seed(seed)};
}

// Entry i, the same whoever asks; lengths differ.
Bytes entry_at(std::uint64_t index) {
  base::ByteWriter entry;
  entry.u64_be(index);
  Bytes bytes = std::move(entry).take();
  bytes.resize(8 + index % 30);
  return bytes;
}

std::vector<Bytes> entries_from(std::uint64_t first, std::size_t count) {
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(entry_at(first + i));
  return entries;
}

Hash root_of_first(std::uint64_t size) {
  TreeEdge edge;
  for (std::uint64_t i = 0; i < size; ++i) static_cast<void>(edge.add(leaf_hash(entry_at(i))));
  return edge.root();
}

class LogWriterTest : public testing::Test {
 protected:
  std::unique_ptr<LogWriter> open() {
    auto writer = LogWriter::open(files_, some_key());
    return writer ? std::move(*writer) : nullptr;
  }
  void grow(LogWriter& writer, std::uint64_t to) {
    while (writer.size() < to) {
      const std::uint64_t first = writer.size();
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(to - first, 1000));
      ASSERT_EQ(*writer.append(entries_from(first, count)), first);
    }
  }
  LogReport verify(const std::optional<TreeHead>& kept = std::nullopt) {
    const auto report = verify_log(files_, some_key().verifier(), kept);
    return report ? *report : LogReport{.problems = {report.error().text}};
  }

  base::TemporaryFolder folder_{base::FolderOn::memory};
  base::FaultFileSystem files_{folder_.path(), 1};
};

TEST_F(LogWriterTest, EmptyLogHasASignedCheckpoint) {
  const auto writer = open();
  const auto published = writer->publish();
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(published->checkpoint.head, (TreeHead{0, empty_root()}));
  EXPECT_TRUE(verify().is_whole());
}

TEST_F(LogWriterTest, EveryReceiptAndConsistencyProofVerifiesAsTheLogGrows) {
  std::mt19937_64 random(4);
  auto writer = open();
  std::vector<SignedCheckpoint> seen;
  for (int round = 0; round < 30; ++round) {
    grow(*writer, writer->size() + random() % 60);
    seen.push_back(*writer->publish());
    const TreeHead head = seen.back().checkpoint.head;
    EXPECT_EQ(head, (TreeHead{writer->size(), root_of_first(writer->size())}));
    for (int i = 0; i < 10 && head.size > 0; ++i) {
      const std::uint64_t index = random() % head.size;
      const auto receipt = writer->receipt(index);
      ASSERT_TRUE(receipt.has_value());
      const auto parsed = *parse_receipt(receipt_text(*receipt));
      const VerifierKey key = some_key().verifier();
      EXPECT_EQ(verify_receipt(parsed, entry_at(index), key)->head, head);
      EXPECT_FALSE(verify_receipt(parsed, entry_at(index + 1), key).has_value());
    }
    for (const SignedCheckpoint& older : seen) {
      const auto path = writer->consistency(older.checkpoint.head.size);
      ASSERT_TRUE(path.has_value());
      EXPECT_TRUE(verify_consistency(older.checkpoint.head, head, *path));
    }
    if (round % 5 == 4) writer = open();
    ASSERT_TRUE(writer != nullptr);
    ASSERT_TRUE(writer->publish().has_value());
    const LogReport report = verify(seen[random() % seen.size()].checkpoint.head);
    EXPECT_TRUE(report.is_whole()) << report.problems.front();
    EXPECT_EQ(report.entries, head.size);
  }
  EXPECT_GT(writer->size(), 512u);
}

TEST_F(LogWriterTest, TreeOfManyTileLevelsIsReadBack) {
  auto writer = open();
  grow(*writer, 65536 + 300);
  const auto published = *writer->publish();
  EXPECT_EQ(published.checkpoint.head.root, root_of_first(65836));
  writer = open();
  EXPECT_EQ(writer->publish()->checkpoint, published.checkpoint);
  for (const std::uint64_t index : {0u, 255u, 256u, 65535u, 65536u, 65835u}) {
    EXPECT_TRUE(verify_receipt(*writer->receipt(index), entry_at(index), some_key().verifier())
                    .has_value());
  }
  const LogReport report = verify();
  EXPECT_TRUE(report.is_whole());
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/tile/2/000.p/1"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/tile/1/001.p/1"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/tile/entries/257.p/44"));
}

TEST_F(LogWriterTest, UnpublishedEntriesHaveNoReceiptAndSurviveARestart) {
  auto writer = open();
  ASSERT_TRUE(writer->publish().has_value());
  grow(*writer, 3);
  EXPECT_EQ(writer->receipt(0).error().code, ErrorCode::not_found);
  EXPECT_EQ(verify().unpublished, 3u);
  writer = open();
  EXPECT_EQ(writer->size(), 3u);
}

TEST_F(LogWriterTest, BatchesOverALimitAreRefusedWhole) {
  auto writer = open();
  const Bytes long_entry(limits::kLogEntrySizeMax + 1);
  EXPECT_EQ(writer->append(std::vector<Bytes>{{}, long_entry}).error().code, ErrorCode::limit);
  const std::vector<Bytes> many(limits::kLogBatchEntriesMax + 1);
  EXPECT_EQ(writer->append(many).error().code, ErrorCode::limit);
  EXPECT_EQ(writer->size(), 0u);
  EXPECT_TRUE(writer->append(std::vector<Bytes>{Bytes(limits::kLogEntrySizeMax)}).has_value());
}

TEST_F(LogWriterTest, TornTailIsCutAndLostEntriesAreNot) {
  auto writer = open();
  grow(*writer, 3);
  ASSERT_TRUE(writer->publish().has_value());
  const std::uint64_t published_bytes = std::filesystem::file_size(folder_.path() + "/journal/0");
  grow(*writer, 4);
  const std::string path = folder_.path() + "/journal/0";
  const std::uint64_t whole = std::filesystem::file_size(path);
  for (std::uint64_t size = whole; size-- > 0;) {
    std::filesystem::resize_file(path, size);
    const auto reopened = LogWriter::open(files_, some_key());
    if (size >= published_bytes) {
      ASSERT_TRUE(reopened.has_value()) << size;
      EXPECT_EQ((*reopened)->size(), 3u);
    } else {
      ASSERT_FALSE(reopened.has_value()) << size;
      EXPECT_EQ(reopened.error().code, ErrorCode::damaged);
    }
  }
}

TEST_F(LogWriterTest, DamagedFrameBeforeAValidOneIsNotATornTail) {
  auto writer = open();
  grow(*writer, 1);
  const std::uint64_t first = std::filesystem::file_size(folder_.path() + "/journal/0");
  ASSERT_TRUE(writer->append(entries_from(1, 1)).has_value());
  std::fstream file(folder_.path() + "/journal/0", std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(first - 1));
  file.put('!');
  file.close();
  EXPECT_EQ(LogWriter::open(files_, some_key()).error().code, ErrorCode::damaged);
}

TEST_F(LogWriterTest, NothingGoesOnAfterAFailedAppend) {
  auto writer = open();
  grow(*writer, 2);
  files_.fail_at(files_.operations(), ErrorCode::io);
  EXPECT_FALSE(writer->append(entries_from(2, 1)).has_value());
  EXPECT_EQ(writer->append(entries_from(2, 1)).error().code, ErrorCode::io)
      << "the disk is well again, and what is on it nobody knows";
  writer = open();
  ASSERT_TRUE(writer != nullptr);
  EXPECT_TRUE(writer->append(entries_from(writer->size(), 1)).has_value());
}

TEST_F(LogWriterTest, ATileThatIsNotTheLastCheckpointsIsDamage) {
  auto writer = open();
  grow(*writer, 256);
  ASSERT_TRUE(writer->publish().has_value());
  grow(*writer, 300);
  writer.reset();
  std::fstream file(folder_.path() + "/tile/0/000", std::ios::in | std::ios::out);
  file.seekp(40);
  file.put('!');
  file.close();
  EXPECT_EQ(LogWriter::open(files_, some_key()).error().code, ErrorCode::damaged);
}

// Well-formed, of the right length, and of other entries than were signed.
TEST_F(LogWriterTest, AJournalOfOtherEntriesIsRefusedAndFoundByTheVerifier) {
  auto writer = open();
  grow(*writer, 3);
  ASSERT_TRUE(writer->publish().has_value());
  writer.reset();
  ASSERT_TRUE(verify().is_whole());
  std::vector<Bytes> others = entries_from(0, 3);
  others[1].back() = std::byte{'!'};
  const Bytes forged = internal::encode_frame(0, others);
  std::ofstream(folder_.path() + "/journal/0", std::ios::binary) << base::text_of(forged);
  EXPECT_FALSE(verify().is_whole());
  EXPECT_EQ(LogWriter::open(files_, some_key()).error().code, ErrorCode::damaged);
}

TEST_F(LogWriterTest, AJournalThatLostItsLastEntryIsFoundByTheVerifier) {
  auto writer = open();
  grow(*writer, 3);
  ASSERT_TRUE(writer->publish().has_value());
  writer.reset();
  const Bytes shorter = internal::encode_frame(0, entries_from(0, 2));
  std::ofstream(folder_.path() + "/journal/0", std::ios::binary) << base::text_of(shorter);
  EXPECT_FALSE(verify().is_whole());
}

TEST_F(LogWriterTest, PublicKeyStandsBesideTheLog) {
  ASSERT_TRUE(open() != nullptr);
  const auto line = *base::read_file(files_, std::string(kKeyPath), 1000);
  EXPECT_EQ(base::text_of(line), some_key().verifier().text() + "\n");
}

TEST_F(LogWriterTest, AnotherKeyCannotGoOn) {
  ASSERT_TRUE(open()->publish().has_value());
  EXPECT_EQ(LogWriter::open(files_, some_key(2)).error().code, ErrorCode::no_match);
}

TEST_F(LogWriterTest, RolledBackAndForkedLogsAreTold) {
  auto writer = open();
  grow(*writer, 300);
  const TreeHead kept = writer->publish()->checkpoint.head;
  EXPECT_TRUE(verify(kept).is_whole());
  writer.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    std::filesystem::remove_all(entry.path());
  writer = open();
  grow(*writer, 299);
  ASSERT_TRUE(writer->publish().has_value());
  EXPECT_TRUE(verify().is_whole());  // by itself it looks right
  EXPECT_FALSE(verify(kept).is_whole());
  ASSERT_TRUE(writer->append(entries_from(1000, 5)).has_value());
  ASSERT_TRUE(writer->publish().has_value());
  EXPECT_TRUE(verify().is_whole());
  EXPECT_FALSE(verify(kept).is_whole());
}

TEST_F(LogWriterTest, EverySingleBitOfDamageIsFound) {
  auto writer = open();
  grow(*writer, 250);
  ASSERT_TRUE(writer->publish().has_value());
  grow(*writer, 259);
  ASSERT_TRUE(writer->publish().has_value());
  writer.reset();
  ASSERT_TRUE(verify().is_whole());
  std::mt19937 random(7);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file() || entry.path().filename() == kKeyPath) continue;
    const std::string path = entry.path().string();
    const std::uint64_t bits = entry.file_size() * 8;
    const bool is_long = bits > 2000;
    for (std::uint64_t i = 0; i < (is_long ? 200 : bits); ++i) {
      const std::uint64_t bit = is_long ? random() % bits : i;
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(bit / 8));
      const int before = file.get();
      file.seekp(static_cast<std::streamoff>(bit / 8));
      file.put(static_cast<char>(before ^ (1 << bit % 8))).flush();
      EXPECT_FALSE(verify().is_whole()) << path.substr(folder_.path().size()) << " bit " << bit;
      file.seekp(static_cast<std::streamoff>(bit / 8));
      file.put(static_cast<char>(before));
    }
  }
  EXPECT_TRUE(verify().is_whole());
}

TEST_F(LogWriterTest, MissingAndForeignFilesAreFound) {
  auto writer = open();
  grow(*writer, 600);
  ASSERT_TRUE(writer->publish().has_value());
  writer.reset();
  for (const std::string_view name :
       {"/tile/0/000", "/tile/0/002.p/88", "/tile/1/000.p/2", "/tile/entries/001"}) {
    const std::string path = folder_.path() + std::string(name);
    std::filesystem::rename(path, folder_.path() + "/aside");
    EXPECT_FALSE(verify().is_whole()) << name;
    std::filesystem::rename(folder_.path() + "/aside", path);
  }
  EXPECT_TRUE(verify().is_whole());
  std::ofstream(folder_.path() + "/tile/0/00a") << "x";
  EXPECT_FALSE(verify().is_whole());
}

// Random work, a power cut or a failing disk at a random operation, over hundreds of seeds.
TEST(LogCrashTest, AcknowledgedEntriesAndPublishedCheckpointsSurvive) {
  std::uint64_t entries = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const base::TemporaryFolder folder(base::FolderOn::memory);
    base::FaultFileSystem files(folder.path(), seed);
    std::mt19937_64 random(seed * 31337);
    std::uint64_t acknowledged = 0;
    std::vector<TreeHead> published;
    for (int session = 0; session < 4; ++session) {
      const std::uint64_t at = files.operations() + random() % 80;
      if (random() % 3 == 0) {
        files.fail_at(at, random() % 2 == 0 ? ErrorCode::io : ErrorCode::no_space);
      } else {
        files.power_off_at(at);
      }
      for (int tries = 0; tries < 3; ++tries) {
        auto opened = LogWriter::open(files, some_key());
        if (!opened) {
          ASSERT_NE(opened.error().code, ErrorCode::damaged) << opened.error().text;
          continue;
        }
        LogWriter& writer = **opened;
        ASSERT_GE(writer.size(), acknowledged);
        for (int step = 0; step < 20; ++step) {
          if (random() % 3 == 0) {
            const auto signed_head = writer.publish();
            if (!signed_head) break;
            published.push_back(signed_head->checkpoint.head);
            continue;
          }
          const std::size_t count = 1 + random() % 90;
          if (!writer.append(entries_from(writer.size(), count))) break;
          acknowledged = writer.size();
        }
      }
      files.crash();
      auto writer = LogWriter::open(files, some_key());
      ASSERT_TRUE(writer.has_value()) << writer.error().text;
      ASSERT_GE((*writer)->size(), acknowledged);
      ASSERT_TRUE((*writer)->publish().has_value());
      acknowledged = (*writer)->size();
      const auto kept =
          published.empty() ? std::nullopt : std::optional(published[random() % published.size()]);
      const auto report = verify_log(files, some_key().verifier(), kept);
      ASSERT_TRUE(report && report->is_whole())
          << (report ? report->problems.front() : report.error().text);
      EXPECT_EQ(report->head.root, root_of_first(report->head.size));
    }
    entries += acknowledged;
  }
  EXPECT_GT(entries, 300u * 200);
}

}  // namespace
}  // namespace sealift::log
