#include "base/regular_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file_system.h"
#include "base/temporary_folder.h"

namespace sealift::base {
namespace {

struct RegularFileTest : testing::Test {
  // A test that waits for a pipe's writer ends here.
  void SetUp() override { ::alarm(20); }
  void TearDown() override { ::alarm(0); }
  std::string at(const std::string& name) const { return folder.path() + "/" + name; }
  std::string why(const std::string& name, Links links = Links::refused) const {
    const auto file = open_regular(at(name), links, "file");
    return file ? "" : file.error().text;
  }
  TemporaryFolder folder;
};

TEST_F(RegularFileTest, AFileIsReadAndALinkToItWhereLinksAreFollowed) {
  std::ofstream(at("file")) << "content";
  ASSERT_EQ(::symlink("file", at("link").c_str()), 0);
  Bytes bytes(7);
  const auto file = open_regular(at("file"), Links::refused, "file");
  ASSERT_TRUE(file);
  ASSERT_EQ(*read_full(file->get(), bytes), 7u);
  EXPECT_EQ(text_of(bytes), "content");
  EXPECT_EQ(why("link", Links::followed), "");
  EXPECT_EQ(why("link"), "file: it is a symbolic link, not a regular file");
}

TEST_F(RegularFileTest, APipeIsRefusedWithoutWaitingForAWriter) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  ASSERT_EQ(::symlink("pipe", at("link").c_str()), 0);
  EXPECT_EQ(why("pipe"), "file: it is a pipe, not a regular file");
  EXPECT_EQ(why("link", Links::followed), "file: it is a pipe, not a regular file");
}

TEST_F(RegularFileTest, WhatElseIsNoFileIsNamed) {
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  at("socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(socket.get(), static_cast<const sockaddr*>(static_cast<void*>(&address)),
                   sizeof(address)),
            0);
  ASSERT_EQ(::symlink("/dev/zero", at("zero").c_str()), 0);
  EXPECT_EQ(why("socket"), "file: it is a socket, not a regular file");
  EXPECT_EQ(why(""), "file: it is a folder, not a regular file");
  EXPECT_EQ(why("zero", Links::followed), "file: it is a device, not a regular file");
  EXPECT_EQ(open_regular(at("none"), Links::refused, "file").error().code, ErrorCode::not_found);
}

TEST_F(RegularFileTest, AFileSystemHandsOutNothingElse) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  auto files = *DiskFileSystem::open_root(folder.path());
  for (const OpenFor what : {OpenFor::reading, OpenFor::writing}) {
    const auto opened = files.open("pipe", what);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::damaged);
  }
}

}  // namespace
}  // namespace sealift::base
