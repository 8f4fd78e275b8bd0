#include "cli/scan_copies.h"

#include <gtest/gtest.h>

#include <fstream>

namespace sealift::cli {
namespace {

TEST(ScanCopiesTest, OfIdenticalFilesTheFirstByPathStays) {
  const std::string folder = testing::TempDir() + "scan_copies_test";
  std::vector<extract::InputFile> files;
  for (const auto& [name, content] :
       {std::pair("c", "same"), std::pair("a", "same"), std::pair("b", "diff"),
        std::pair("d", "longer"), std::pair("e", ""), std::pair("f", "")}) {
    const std::string path = folder + "_" + name;
    std::ofstream(path) << content;
    files.push_back({name, path, std::string_view(content).size()});
  }
  files.push_back({"g", folder + "_missing", 4});
  const auto copies = take_copies(files);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].path, "c");
  EXPECT_EQ(copies[0].original, "a");
  EXPECT_EQ(files.size(), 6U);
}

}  // namespace
}  // namespace sealift::cli
