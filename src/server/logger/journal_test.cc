#include "server/logger/journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault_file_system.h"
#include "base/temporary_folder.h"

namespace sealift::server {
namespace {

constexpr std::uint64_t kBytesMax = 5 * 100;

std::string content(base::FileSystem& files, const std::string& name) {
  const auto bytes = base::read_file(files, name, 1'000'000);
  return bytes ? std::string(base::text_of(*bytes)) : "none";
}

struct JournalTest : testing::Test {
  base::TemporaryFolder folder;
  base::FaultFileSystem files{folder.path(), 1};
};

TEST_F(JournalTest, KeepsTheNewestLinesWithinItsLimit) {
  Journal journal(files, kBytesMax);
  constexpr int kLines = 1000;
  for (int i = 0; i < kLines; ++i) ASSERT_TRUE(journal.append("line " + std::to_string(i) + "\n"));
  const auto names = files.list_folder("");
  ASSERT_TRUE(names);
  EXPECT_EQ(names->size(), 5u);
  std::string all;
  for (const char* name :
       {"sealift.log.4", "sealift.log.3", "sealift.log.2", "sealift.log.1", "sealift.log"}) {
    all += content(files, name);
  }
  EXPECT_LE(all.size(), kBytesMax);
  EXPECT_GT(all.size(), kBytesMax * 3 / 4);
  EXPECT_TRUE(all.ends_with("line 998\nline 999\n"));
  EXPECT_EQ(journal.lost(), 0u);
}

TEST_F(JournalTest, GoesOnWhereItEndedAndGivesALineThatWasCutShortItsEnd) {
  {
    Journal journal(files, kBytesMax);
    ASSERT_TRUE(journal.append("one\n") && journal.append("tw"));
  }
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("three\n"));
  EXPECT_EQ(content(files, "sealift.log"), "one\ntw\nthree\n");
}

TEST_F(JournalTest, ALineForWhichThereIsNoRoomIsCountedAndLeavesNoPart) {
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("one\n"));
  files.fail_at(files.operations(), base::ErrorCode::no_space);
  EXPECT_FALSE(journal.append("two\n"));
  EXPECT_EQ(journal.lost(), 1u);
  EXPECT_TRUE(journal.append("three\n"));
  EXPECT_EQ(content(files, "sealift.log"), "one\nthree\n");
  journal.lost_was_told();
  EXPECT_EQ(journal.lost(), 0u);
}

TEST_F(JournalTest, AFileThatWasRemovedIsMadeAgain) {
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("one\n"));
  ASSERT_TRUE(files.remove("sealift.log").value());
  EXPECT_TRUE(journal.append("two\n"));
  EXPECT_EQ(content(files, "sealift.log"), "two\n");
  EXPECT_EQ(journal.lost(), 0u);
}

TEST_F(JournalTest, AFileThatWasMovedAwayKeepsItsLinesAndTheNextOnesAreInANewOne) {
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("one\n"));
  ASSERT_TRUE(files.rename("sealift.log", "kept"));
  EXPECT_TRUE(journal.append("two\n"));
  EXPECT_EQ(content(files, "kept"), "one\n");
  EXPECT_EQ(content(files, "sealift.log"), "two\n");
}

TEST_F(JournalTest, AFilePutInItsPlaceIsGoneOnWith) {
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("one\n"));
  ASSERT_TRUE(base::replace_file(files, "sealift.log", base::bytes_of("other\n")));
  EXPECT_TRUE(journal.append("two\n"));
  EXPECT_EQ(content(files, "sealift.log"), "other\ntwo\n");
}

TEST_F(JournalTest, AFileThatWasEmptiedIsWrittenFromItsStart) {
  Journal journal(files, kBytesMax);
  ASSERT_TRUE(journal.append("one\n"));
  ASSERT_EQ(::truncate((folder.path() + "/sealift.log").c_str(), 0), 0);
  EXPECT_TRUE(journal.append("two\n"));
  EXPECT_EQ(content(files, "sealift.log"), "two\n") << "no hole of zeros";
}

TEST_F(JournalTest, APipeInItsPlaceLosesCountedLinesAndHoldsNothingUp) {
  ASSERT_EQ(::mkfifo((folder.path() + "/sealift.log").c_str(), 0600), 0);
  Journal journal(files, kBytesMax);
  EXPECT_FALSE(journal.append("one\n"));
  EXPECT_EQ(journal.lost(), 1u);
  ASSERT_TRUE(files.remove("sealift.log").value());
  EXPECT_TRUE(journal.append("two\n"));
  EXPECT_EQ(content(files, "sealift.log"), "two\n");
}

}  // namespace
}  // namespace sealift::server
