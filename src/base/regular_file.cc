#include "base/regular_file.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace sealift::base {
namespace {

Error error_of_kind(mode_t mode) {
  if (S_ISDIR(mode)) return {ErrorCode::conflict, "it is a folder, not a regular file"};
  if (S_ISFIFO(mode)) return {ErrorCode::conflict, "it is a pipe, not a regular file"};
  if (S_ISSOCK(mode)) return {ErrorCode::conflict, "it is a socket, not a regular file"};
  if (S_ISLNK(mode)) return {ErrorCode::conflict, "it is a symbolic link, not a regular file"};
  return {ErrorCode::conflict, "it is a device, not a regular file"};
}

tl::unexpected<Error> refuse_kind(mode_t mode, std::string_view what) {
  return tl::unexpected(error_of_kind(mode).with_context(what));
}

}  // namespace

Result<void> need_regular(int fd, std::string_view what) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return tl::unexpected(error_of_errno(errno, what));
  if (!S_ISREG(status.st_mode)) return refuse_kind(status.st_mode, what);
  return {};
}

Result<FileDescriptor> open_regular(const std::string& path, Links links, std::string_view what) {
  const int no_follow = links == Links::refused ? O_NOFOLLOW : 0;
  FileDescriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | no_follow));
  if (!file.is_open()) {
    const int error = errno;
    struct stat status {};
    // What can't be opened at all (a socket, a link) is named as well.
    const bool is_known = (error == ENXIO || error == ELOOP || error == ENODEV) &&
                          ::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
    if (is_known) return refuse_kind(status.st_mode, what);
    return tl::unexpected(error_of_errno(error, what));
  }
  SEALIFT_TRY_VOID(need_regular(file.get(), what));
  return file;
}

}  // namespace sealift::base
