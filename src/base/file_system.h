// FileSystem: the few file operations that durable storage is made of, as an object passed in.
//
// What must survive a power cut is written through this interface, so that tests can drop what was
// never synced and fail any single operation (base/fault_file_system.h). Paths are relative to one
// root folder, are made of our own fixed names, numbers and random ids alone, and never follow a
// symbolic link. A descriptor that was handed out is an ordinary one: bytes may also be written to
// it directly, by another process.
//
// What survives a power cut: the bytes of a file up to its last sync_data(); a name (created,
// renamed or removed) from the sync_folder() of its folder on. A rename is never seen half done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file_descriptor.h"
#include "base/result.h"

namespace sealift::base {

enum class OpenFor {
  reading,
  writing,  // and reading
  creating  // writing, under a name that must be free
};

struct DiskSpace {
  std::uint64_t free_bytes = 0;  // for an unprivileged process
  std::uint64_t total_bytes = 0;
};

// Part of a file.
struct FileRange {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};

// Thread-safe. Errors of every operation: io, forbidden, and those named.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Errors: not_found, conflict (creating: the name is taken), no_space.
  virtual Result<FileDescriptor> open(const std::string& path, OpenFor what) = 0;
  virtual Result<std::uint64_t> size(int fd) = 0;
  // Gives the bytes read, fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read_at(int fd, MutableByteView out, std::uint64_t offset) = 0;
  // Errors: no_space.
  virtual Result<void> write_at(int fd, ByteView bytes, std::uint64_t offset) = 0;
  // Also gives back what was reserved past the new end. Errors: no_space.
  virtual Result<void> resize(int fd, std::uint64_t size_bytes) = 0;
  // Sets space aside without changing the size; does nothing where the disk cannot.
  // Errors: no_space.
  virtual Result<void> reserve(int fd, const FileRange& range) = 0;
  // The file's bytes and size. After a failure the bytes written since the last success are lost,
  // whatever a later call says: write them again. Errors: no_space.
  virtual Result<void> sync_data(int fd) = 0;

  // Replaces what is called `to`. Errors: not_found, no_space.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // False when there is no such file.
  virtual Result<bool> remove(const std::string& path) = 0;
  // Succeeds when the folder is there already. Errors: not_found (of its parent), no_space.
  virtual Result<void> make_folder(const std::string& path) = 0;
  // "" is the root. Errors: not_found.
  virtual Result<void> sync_folder(const std::string& path) = 0;

  virtual Result<bool> exists(const std::string& path) = 0;
  // Names in byte order, without "." and "..". Errors: not_found.
  virtual Result<std::vector<std::string>> list_folder(const std::string& path) = 0;
  virtual Result<DiskSpace> space() = 0;
};

// The real one.
class DiskFileSystem final : public FileSystem {
 public:
  // `root` must exist. Errors: not_found, forbidden, io.
  static Result<DiskFileSystem> open_root(const std::string& root);

  Result<FileDescriptor> open(const std::string& path, OpenFor what) override;
  Result<std::uint64_t> size(int fd) override;
  Result<std::size_t> read_at(int fd, MutableByteView out, std::uint64_t offset) override;
  Result<void> write_at(int fd, ByteView bytes, std::uint64_t offset) override;
  Result<void> resize(int fd, std::uint64_t size_bytes) override;
  Result<void> reserve(int fd, const FileRange& range) override;
  Result<void> sync_data(int fd) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<bool> remove(const std::string& path) override;
  Result<void> make_folder(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<std::vector<std::string>> list_folder(const std::string& path) override;
  Result<DiskSpace> space() override;

 private:
  explicit DiskFileSystem(FileDescriptor root) : root_(std::move(root)) {}
  Result<FileDescriptor> open_folder(const std::string& path);

  FileDescriptor root_;
};

// For short files: everything in it. Errors: not_found, limit (longer than `size_bytes_max`), io.
Result<Bytes> read_file(FileSystem& files, const std::string& path, std::size_t size_bytes_max);

// Makes `path` hold `bytes`, whole or not at all, through `path` + ".new"; syncs the bytes and then
// the name. Errors: no_space, io.
Result<void> replace_file(FileSystem& files, const std::string& path, ByteView bytes);

// "" for a name without a folder.
std::string folder_of_path(const std::string& path);

}  // namespace sealift::base
