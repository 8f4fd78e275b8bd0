#include "base/atomic_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace sealift::base {
namespace {

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    std::string pattern = testing::TempDir() + "atomic_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AtomicFileTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/out"; }
  std::string content() const {
    std::ifstream in(path());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::string folder_;
};

TEST_F(AtomicFileTest, AppearsOnlyAtCommit) {
  auto file = AtomicFile::create(path(), 0600);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(write_full(file->fd(), bytes_of("whole")).has_value());
  EXPECT_EQ(files(), 0u);
  ASSERT_TRUE(file->commit(Replace::no, Durability::synced).has_value());
  EXPECT_EQ(content(), "whole");
  EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFileTest, WithoutCommitNothingIsLeft) {
  {
    auto file = AtomicFile::create(path(), 0600);
    ASSERT_TRUE(write_full(file->fd(), bytes_of("half")).has_value());
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(AtomicFileTest, TakenNameIsKeptUnlessReplacingIsAskedFor) {
  std::ofstream(path()) << "before";
  auto file = AtomicFile::create(path(), 0600);
  ASSERT_TRUE(write_full(file->fd(), bytes_of("after")).has_value());
  EXPECT_EQ(file->commit(Replace::no, Durability::none).error().code, ErrorCode::conflict);
  EXPECT_EQ(content(), "before");
  ASSERT_TRUE(file->commit(Replace::yes, Durability::none).has_value());
  EXPECT_EQ(content(), "after");
  EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFileTest, MissingFolderIsAnError) {
  const auto file = AtomicFile::create(folder_ + "/none/out", 0600);
  EXPECT_EQ(file.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sealift::base
