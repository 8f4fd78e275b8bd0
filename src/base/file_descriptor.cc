#include "base/file_descriptor.h"

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace sealift::base {
namespace {

// Calls `step(done)` until it has moved `size` bytes or gives 0, retrying EINTR.
template <typename Step>
Result<std::size_t> move_bytes(std::size_t size, std::string_view what, Step step) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t moved = step(done);
    if (moved == 0) break;
    if (moved < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected(error_of_errno(errno, what));
    }
    done += static_cast<std::size_t>(moved);
  }
  return done;
}

Result<void> all_of(Result<std::size_t> moved, std::size_t size) {
  if (!moved) return tl::unexpected(std::move(moved).error());
  if (*moved != size) return fail(ErrorCode::io, "write: nothing was taken");
  return {};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void FileDescriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Error error_of_errno(int errno_value, std::string_view what) {
  ErrorCode code = ErrorCode::io;
  if (errno_value == ENOSPC || errno_value == EDQUOT) code = ErrorCode::no_space;
  if (errno_value == ENOENT) code = ErrorCode::not_found;
  if (errno_value == EACCES || errno_value == EPERM) code = ErrorCode::forbidden;
  return Error{code, std::string(what) + ": " + std::generic_category().message(errno_value)};
}

Result<std::size_t> read_full(int fd, MutableByteView out) {
  return move_bytes(out.size(), "read", [&](std::size_t done) {
    return ::read(fd, out.data() + done, out.size() - done);
  });
}

Result<std::size_t> pread_full(int fd, MutableByteView out, std::uint64_t offset) {
  return move_bytes(out.size(), "read", [&](std::size_t done) {
    return ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
  });
}

Result<void> write_full(int fd, ByteView bytes) {
  return all_of(move_bytes(bytes.size(), "write",
                           [&](std::size_t done) {
                             return ::write(fd, bytes.data() + done, bytes.size() - done);
                           }),
                bytes.size());
}

Result<void> pwrite_full(int fd, ByteView bytes, std::uint64_t offset) {
  return all_of(move_bytes(bytes.size(), "write",
                           [&](std::size_t done) {
                             return ::pwrite(fd, bytes.data() + done, bytes.size() - done,
                                             static_cast<off_t>(offset + done));
                           }),
                bytes.size());
}

}  // namespace sealift::base
