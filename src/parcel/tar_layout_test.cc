#include "parcel/tar_layout.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace sealift::parcel {
namespace {

Entry entry(std::string_view path, std::uint64_t size_bytes, std::int64_t modified_unix_s = 86400) {
  return {.path = *EntryPath::parse(path),
          .modified_unix_s = modified_unix_s,
          .size_bytes = size_bytes};
}

// The whole stream, each content being its size in 'x'.
std::string stream_of(const std::vector<Entry>& entries) {
  std::string out;
  for (const Entry& e : entries) {
    out += base::text_of(tar_header(e));
    out += std::string(e.size_bytes, 'x') + std::string(tar_padding(e.size_bytes), '\0');
  }
  out.resize(lay_out(entries).size_bytes);
  return out;
}

// What GNU tar says of a stream.
std::string listed_by_tar(const std::string& stream) {
  const std::string path = testing::TempDir() + "layout.tar";
  std::ofstream(path, std::ios::binary) << stream;
  const std::string command = "LC_ALL=C.UTF-8 TZ=UTC tar --full-time -tvf " + path + " 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    out.push_back(static_cast<char>(c));
  EXPECT_EQ(::pclose(pipe), 0) << out;
  std::filesystem::remove(path);
  return out;
}

TEST(TarLayoutTest, PlainEntryIsOneHeaderBlock) {
  EXPECT_EQ(tar_header(entry("a.txt", 5)).size(), 512u);
  EXPECT_EQ(tar_header(entry("é.txt", 5)).size(), 3 * 512u);
  EXPECT_EQ(tar_header(entry(std::string(101, 'n'), 5)).size(), 3 * 512u);
  EXPECT_EQ(tar_header(entry("big", std::uint64_t{1} << 33)).size(), 3 * 512u);
  EXPECT_EQ(tar_header(entry("old", 1, -1)).size(), 3 * 512u);
}

TEST(TarLayoutTest, OffsetsPointAtTheContent) {
  const std::vector<Entry> entries{entry("a", 5), entry("é", 512), entry("c", 0), entry("d", 1)};
  const TarLayout layout = lay_out(entries);
  const std::string stream = stream_of(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(stream.substr(layout.content_offsets[i], entries[i].size_bytes),
              std::string(entries[i].size_bytes, 'x'));
  }
  EXPECT_GE(layout.size_bytes, layout.end_offset + 1024);
  EXPECT_EQ(stream.find_first_not_of('\0', layout.end_offset), std::string::npos);
}

TEST(TarLayoutTest, GnuTarReadsIt) {
  Entry folder = entry("folder", 0);
  folder.kind = EntryKind::folder;
  folder.permissions = 0755;
  const std::string long_name = "folder/" + std::string(200, 'n') + "é";
  const std::string listed =
      listed_by_tar(stream_of({folder, entry("folder/a.txt", 5), entry(long_name, 700, -86400)}));
  EXPECT_NE(listed.find("drwxr-xr-x 0/0               0 1970-01-02 00:00:00 folder/\n"),
            std::string::npos)
      << listed;
  EXPECT_NE(listed.find("-rw-r--r-- 0/0               5 1970-01-02 00:00:00 folder/a.txt\n"),
            std::string::npos)
      << listed;
  EXPECT_NE(listed.find(" 700 1969-12-31 00:00:00 " + long_name + "\n"), std::string::npos)
      << listed;
}

TEST(TarLayoutTest, NoEntriesIsAnEmptyArchive) { EXPECT_EQ(listed_by_tar(stream_of({})), ""); }

}  // namespace
}  // namespace sealift::parcel
