// TemporaryFolder: a folder of a test's own, gone with the object.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/check.h"

namespace sealift::base {

// memory: where the machine has such a place; for tests that make and drop thousands of files.
enum class FolderOn { disk, memory };

class TemporaryFolder {
 public:
  explicit TemporaryFolder(FolderOn on = FolderOn::disk) {
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = on == FolderOn::memory && std::filesystem::is_directory(memory);
    const auto parent = in_memory ? memory : std::filesystem::temp_directory_path();
    path_ = (parent / "sealift_test_").string() + std::string(6, 'X');
    SEALIFT_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sealift::base
