#include "readers/pack/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "readers/pack/pack_for_test.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::ElementsAre;

std::vector<std::string> paths_of(const std::vector<ReadFile>& files) {
  std::vector<std::string> paths;
  for (const ReadFile& file : files) paths.push_back(file.path);
  return paths;
}

TEST(ArchiveTest, EveryFormatGivesItsMembers) {
  for (const Packing packing :
       {Packing::zip, Packing::tar, Packing::tar_gz, Packing::tar_bz2, Packing::tar_xz,
        Packing::tar_zst, Packing::seven_zip, Packing::cpio, Packing::iso}) {
    const std::string bytes =
        pack(packing, {{"folder/note.txt", "a note to read\n"}, {"list.csv", "a,b,c\n1,2,3\n"}});
    const auto files = read_for_test(bytes);
    ASSERT_EQ(files.size(), 3U) << static_cast<int>(packing);
    EXPECT_EQ(files[0].end.status, FileStatus::read) << static_cast<int>(packing);
    EXPECT_THAT(paths_of(files),
                testing::UnorderedElementsAre("f", "f!folder/note.txt", "f!list.csv"))
        << static_cast<int>(packing);
  }
}

TEST(ArchiveTest, ArchivesInArchivesAreEntered) {
  const std::string inner = pack(Packing::tar_gz, {{"a.txt", "text of a\n"}});
  const auto files = read_for_test(pack(Packing::zip, {{"in/x.tar.gz", inner}}));
  EXPECT_THAT(paths_of(files), ElementsAre("f", "f!in/x.tar.gz", "f!in/x.tar.gz!a.txt"));
  EXPECT_EQ(files[2].text(), "text of a\n");
}

TEST(ArchiveTest, ACompressedFileIsAMember) {
  const auto files = read_for_test(pack(Packing::gz, {{"", "just a text\n"}}));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].format, "gz");
  EXPECT_EQ(files[1].path, "f!content");
  EXPECT_EQ(files[1].text(), "just a text\n");
}

TEST(ArchiveTest, EncryptedMembersAreListedAsSuch) {
  const auto files =
      read_for_test(pack(Packing::zip, {{"a.txt", "secret\n"}, {"b.txt", "secret\n"}}, "password"));
  ASSERT_EQ(files.size(), 3U);
  for (const ReadFile& file : files) EXPECT_EQ(file.end.status, FileStatus::encrypted);
}

TEST(ArchiveTest, NamesInAnyEncodingBecomeUtf8) {
  const auto files = read_for_test(pack(Packing::zip, {{"Zo\xC3\xAB.txt", "a text to read\n"}}));
  EXPECT_EQ(files.at(1).path, "f!Zo\xC3\xAB.txt");
}

TEST(ArchiveTest, TwoMembersOfOneNameAreTwoFiles) {
  const auto files =
      read_for_test(pack(Packing::tar, {{"a", "first one\n"}, {"a", "second one\n"}}));
  EXPECT_THAT(paths_of(files), ElementsAre("f", "f!a", "f!a (2)"));
}

TEST(ArchiveTest, NestingEndsAtADepth) {
  std::string bytes = "the innermost text\n";
  for (int i = 0; i < 60; ++i) bytes = pack(Packing::tar, {{"x", bytes}});
  const auto files = read_for_test(bytes);
  EXPECT_LT(files.size(), 60U);
  EXPECT_EQ(files.back().end.reason, "nested too deep");
}

TEST(ArchiveTest, ABombIsCutOffAndNamed) {
  // 272 MiB of zeros in 270 KiB: more than a member may be
  const std::string zeros(std::size_t{272} << 20, '\0');
  const auto files = read_for_test(pack(Packing::gz, {{"", zeros}}));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
  EXPECT_EQ(files[0].end.reason, "larger than a member may be; its start was read");
}

TEST(ArchiveTest, WhatAFileUnpacksInAllIsLimited) {
  Recording recording;
  const Means means{recognise, nullptr, process_cpu_time};
  const extract::Request request{extract::Pass::documents, 0, "f", {}, {}};
  Context context(recording, request, means);
  context.read_top({});
  EXPECT_FALSE(context.may_unpack(limits::kUnpackedFreely + 1));
}

TEST(ArchiveTest, CutAnywhereItGivesWhatIsThere) {
  const std::string text(3000, 'x');
  for (const Packing packing : {Packing::zip, Packing::tar_gz, Packing::seven_zip}) {
    const std::string bytes = pack(packing, {{"a.txt", text}, {"b.txt", text + "y"}});
    EXPECT_TRUE(ends_wherever_cut(bytes, 7)) << static_cast<int>(packing);
  }
  const std::string tar = pack(Packing::tar, {{"a.txt", text}, {"b.txt", text}});
  const auto files = read_for_test(std::string_view(tar).substr(0, 6000));
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
  EXPECT_EQ(files[1].end.status, FileStatus::read);
}

}  // namespace
}  // namespace sealift::readers
