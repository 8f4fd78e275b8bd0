// FileDescriptor: owns one open descriptor, and the whole-or-error reads and writes on it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::base {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { reset(); }

  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

// Error text of a failed system call: what was tried and why it failed, never a path.
// ENOSPC and EDQUOT become no_space, ENOENT not_found, EACCES and EPERM forbidden, all else io.
Error error_of_errno(int errno_value, std::string_view what);

// Reads until `out` is full or the input ends; gives the bytes read, fewer only at the end.
// EINTR is retried. Errors: io.
Result<std::size_t> read_full(int fd, MutableByteView out);
Result<std::size_t> pread_full(int fd, MutableByteView out, std::uint64_t offset);

// Writes everything. Errors: io, no_space.
Result<void> write_full(int fd, ByteView bytes);
Result<void> pwrite_full(int fd, ByteView bytes, std::uint64_t offset);

}  // namespace sealift::base
