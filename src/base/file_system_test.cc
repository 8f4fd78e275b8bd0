#include "base/file_system.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/fault_file_system.h"

namespace sealift::base {
namespace {

class FileSystemTest : public testing::Test {
 protected:
  FileSystemTest() {
    std::string pattern = testing::TempDir() + "file_system_XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~FileSystemTest() override { std::filesystem::remove_all(root_); }

  std::string root_;
};

void write_new(FileSystem& files, const std::string& path, std::string_view text) {
  const auto fd = files.open(path, OpenFor::creating);
  ASSERT_TRUE(fd.has_value());
  ASSERT_TRUE(files.write_at(fd->get(), bytes_of(text), 0).has_value());
}

std::string content(FileSystem& files, const std::string& path) {
  const auto bytes = read_file(files, path, 1 << 20);
  return bytes ? std::string(text_of(*bytes)) : "absent";
}

TEST_F(FileSystemTest, CreatingRefusesATakenName) {
  auto disk = *DiskFileSystem::open_root(root_);
  write_new(disk, "a", "1");
  EXPECT_EQ(disk.open("a", OpenFor::creating).error().code, ErrorCode::conflict);
  EXPECT_EQ(disk.open("b", OpenFor::writing).error().code, ErrorCode::not_found);
}

TEST_F(FileSystemTest, NothingOutsideTheRootIsOpened) {
  std::filesystem::create_directory(root_ + "/in");
  std::filesystem::create_directory_symlink("/etc", root_ + "/in/link");
  auto disk = *DiskFileSystem::open_root(root_ + "/in");
  EXPECT_FALSE(disk.open("../x", OpenFor::creating).has_value());
  EXPECT_FALSE(disk.open("/etc/hostname", OpenFor::reading).has_value());
  EXPECT_FALSE(disk.open("link/hostname", OpenFor::reading).has_value());
  EXPECT_FALSE(disk.list_folder("link").has_value());
  EXPECT_FALSE(disk.list_folder("..").has_value());
}

TEST_F(FileSystemTest, ReplaceFileLeavesTheNewBytesAndNoOtherFile) {
  auto disk = *DiskFileSystem::open_root(root_);
  ASSERT_TRUE(replace_file(disk, "a", bytes_of("one")).has_value());
  ASSERT_TRUE(replace_file(disk, "a", bytes_of("two")).has_value());
  EXPECT_EQ(content(disk, "a"), "two");
  EXPECT_EQ(disk.list_folder("")->size(), 1u);
  EXPECT_EQ(read_file(disk, "a", 2).error().code, ErrorCode::limit);
}

TEST_F(FileSystemTest, ReservingDoesNotChangeTheSize) {
  auto disk = *DiskFileSystem::open_root(root_);
  const auto fd = *disk.open("a", OpenFor::creating);
  ASSERT_TRUE(disk.reserve(fd.get(), {.offset = 0, .size_bytes = 1 << 20}).has_value());
  EXPECT_EQ(*disk.size(fd.get()), 0u);
}

TEST_F(FileSystemTest, PowerCutLosesWhatWasNotSynced) {
  int names_lost = 0;
  int bytes_lost = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directory(root_);
    FaultFileSystem faulty(root_, seed);
    write_new(faulty, "a", "unsynced");
    faulty.crash();
    const std::string left = content(faulty, "a");
    names_lost += left == "absent" ? 1 : 0;
    bytes_lost += left != "absent" && left != "unsynced" ? 1 : 0;
  }
  EXPECT_GT(names_lost, 5);
  EXPECT_LT(names_lost, 35);
  EXPECT_GT(bytes_lost, 3);
}

TEST_F(FileSystemTest, PowerCutKeepsWhatWasSynced) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directory(root_);
    FaultFileSystem faulty(root_, seed);
    ASSERT_TRUE(replace_file(faulty, "a", bytes_of("synced")).has_value());
    write_new(faulty, "b", "x");
    faulty.crash();
    EXPECT_EQ(content(faulty, "a"), "synced");
    faulty.crash();
    EXPECT_EQ(content(faulty, "a"), "synced");
  }
}

TEST_F(FileSystemTest, AfterAFailedSyncALaterOneDoesNotSaveTheBytes) {
  int lost = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directory(root_);
    FaultFileSystem faulty(root_, seed);
    const auto fd = *faulty.open("a", OpenFor::creating);
    ASSERT_TRUE(faulty.sync_folder("").has_value());
    ASSERT_TRUE(faulty.write_at(fd.get(), bytes_of("gone"), 0).has_value());
    faulty.fail_at(faulty.operations(), ErrorCode::io);
    EXPECT_FALSE(faulty.sync_data(fd.get()).has_value());
    EXPECT_TRUE(faulty.sync_data(fd.get()).has_value());
    faulty.crash();
    lost += content(faulty, "a") != "gone" ? 1 : 0;
  }
  EXPECT_GT(lost, 5);
}

TEST_F(FileSystemTest, BytesWrittenAgainAfterAFailedSyncAreSaved) {
  FaultFileSystem faulty(root_, 1);
  const auto fd = *faulty.open("a", OpenFor::creating);
  ASSERT_TRUE(faulty.sync_folder("").has_value());
  ASSERT_TRUE(faulty.write_at(fd.get(), bytes_of("gone"), 0).has_value());
  faulty.fail_at(faulty.operations(), ErrorCode::io);
  EXPECT_FALSE(faulty.sync_data(fd.get()).has_value());
  ASSERT_TRUE(faulty.resize(fd.get(), 0).has_value());
  ASSERT_TRUE(faulty.write_at(fd.get(), bytes_of("gone"), 0).has_value());
  EXPECT_TRUE(faulty.sync_data(fd.get()).has_value());
  faulty.crash();
  EXPECT_EQ(content(faulty, "a"), "gone");
}

}  // namespace
}  // namespace sealift::base
