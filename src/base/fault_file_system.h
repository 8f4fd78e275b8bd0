// FaultFileSystem: a real folder that loses power and fails, for tests.
//
// It passes everything on to a DiskFileSystem and keeps book of what a power cut would leave:
//   names    each change of a folder is pending until that folder is synced; a pending change
//            survives or not by chance, changes of one name in their order, a rename as one
//   bytes    each block that differs from the last synced content is old or new by chance, and
//            so is the size; bytes written past this object, through a descriptor, count alike
//   a sync that failed   the bytes written before it are lost even if a later one succeeds
// Not thread-safe. Files are held open, to keep their inode numbers from being used again.
#pragma once

#include <sys/types.h>

#include <limits>
#include <map>
#include <random>

#include "base/file_system.h"

namespace sealift::base {

class FaultFileSystem final : public FileSystem {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  // `root` is an empty folder of the test's own.
  FaultFileSystem(std::string root, std::uint64_t seed);

  // Operations that change something, so far; the unit of the next two.
  std::uint64_t operations() const { return operations_; }
  // That operation fails, once, as if the disk had said so.
  void fail_at(std::uint64_t operation, ErrorCode code) {
    fail_at_ = operation;
    fail_code_ = code;
  }
  // From that operation on everything fails; then comes crash().
  void power_off_at(std::uint64_t operation) { power_off_at_ = operation; }
  bool is_powered() const { return operations_ < power_off_at_; }
  void set_full(bool full) { full_ = full; }

  // Leaves what the disk holds after a power cut, and counts operations from 0 again, with no
  // failure set. Everything that was opened is closed before.
  void crash();

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
  enum class NeedsSpace { no, yes };
  enum class Kind { made, moved, removed };
  struct Change {
    Kind kind;
    std::string from;
    std::string to;
    ino_t inode;  // of what was made; kFolder for a folder
  };
  using Names = std::map<std::string, ino_t>;
  struct Held {
    FileDescriptor fd;
    Bytes durable;  // as of the last sync
    Bytes failed;   // content at a failed sync: what stays the same is never written
  };

  static void apply(const Change& change, Names& names);
  bool one_in(unsigned count) { return random_() % count == 0; }
  Result<void> step(NeedsSpace needs_space);
  void forget_failed_sync(int fd, ByteView bytes, std::uint64_t offset);
  void remove_all_but(const Names& names);
  void track(const std::string& path, int fd);
  Held* held_of(int fd);
  Bytes content_of(const Held& held);
  Bytes after_power_cut(const Held& held);
  void rebuild(const Names& names);

  const std::string root_;
  DiskFileSystem disk_;
  std::mt19937_64 random_;
  Names durable_names_;
  std::vector<Change> pending_;
  std::map<ino_t, Held> held_;
  std::uint64_t operations_ = 0;
  std::uint64_t power_off_at_ = kNever;
  std::uint64_t fail_at_ = kNever;
  ErrorCode fail_code_ = ErrorCode::io;
  bool full_ = false;
};

}  // namespace sealift::base
