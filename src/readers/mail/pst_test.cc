// Real mail stores: the test data of the npm package pst-extractor (tools/npm), two of them made by
// Outlook with an Exchange account, one a published mailbox of Enron.
#include "readers/mail/pst.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;

std::string store(const std::string& name) {
  const char* const source = std::getenv("SEALIFT_SOURCE_DIR");
  const std::string root = source != nullptr ? source : ".";
  std::ifstream file(root + "/tools/npm/node_modules/pst-extractor/example/testdata/" + name,
                     std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_FALSE(bytes.empty()) << "make setup installs it";
  return bytes;
}

// Numbers of the items that a header or a text was read of.
std::set<std::uint32_t> items_of(const ReadFile& file) {
  std::set<std::uint32_t> items;
  for (const auto& header : file.headers) items.insert(header.place.number);
  for (const auto& text : file.texts) items.insert(text.place.number);
  return items;
}

std::size_t count_of(const std::vector<ReadFile>& files, std::string_view format) {
  return static_cast<std::size_t>(
      std::ranges::count(files, format, [](const ReadFile& f) { return f.format; }));
}

// As many as pst-extractor's own reader, written by others, finds in it.
TEST(PstTest, EveryItemOfAMailboxIsRead) {
  const auto files = read_for_test(store("enron.pst"));
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0].format, "pst");
  EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
  EXPECT_EQ(items_of(files[0]).size(), 71U);
  EXPECT_EQ(count_of(files, "doc"), 19U);
  EXPECT_EQ(count_of(files, "xls"), 6U);
}

// "Reminders" is a search that counts 22 appointments of the calendar: they are not missing.
TEST(PstTest, WhatASearchFolderCountsIsNotMissed) {
  const auto files = read_for_test(store("pstextractortest@outlook.com.ost"));
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
  EXPECT_EQ(items_of(files[0]).size(), 183U);
}

TEST(PstTest, AttachmentsAreFilesOfTheStore) {
  const auto files = read_for_test(store("pstextractortestpdf@outlook.com.ost"));
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
  EXPECT_EQ(count_of(files, "pdf"), 1U);
  for (const ReadFile& file : files) EXPECT_EQ(file.path.substr(0, 1), "f");
}

TEST(PstTest, AStoreCutShortEndsWithAReason) {
  const std::string whole = store("enron.pst");
  for (const std::size_t size : {std::size_t{5}, std::size_t{600}, whole.size() / 2}) {
    const auto files = read_for_test(std::string_view(whole).substr(0, size));
    ASSERT_FALSE(files.empty());
    EXPECT_NE(files[0].end.status, FileStatus::read) << size;
    EXPECT_FALSE(files[0].end.reason.empty()) << size;
  }
}

}  // namespace
}  // namespace sealift::readers
