#include "base/atomic_file.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/hex.h"

namespace sealift::base {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A name beside `path` that no other process will pick.
std::string random_name_beside(const std::string& path) {
  Bytes random(8);
  SEALIFT_CHECK(::getrandom(random.data(), random.size(), 0) == 8);
  return folder_of(path) + "/.sealift-" + hex_encode(random) + ".part";
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const std::string& path, unsigned mode) {
  AtomicFile file;
  file.path_ = path;
  const std::string folder = folder_of(path);
  file.fd_ = FileDescriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
  if (file.fd_.is_open()) return file;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL)
    return tl::unexpected(error_of_errno(errno, "create output"));
  file.temporary_ = random_name_beside(path);
  file.fd_ = FileDescriptor(
      ::open(file.temporary_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.fd_.is_open()) return file;
  file.temporary_.clear();
  return tl::unexpected(error_of_errno(errno, "create output"));
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

// linkat cannot replace a file, and rename needs a name: the nameless file gets one for an instant.
Result<void> AtomicFile::link_beside() {
  const std::string name = random_name_beside(path_);
  const std::string self = "/proc/self/fd/" + std::to_string(fd_.get());
  if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return tl::unexpected(error_of_errno(errno, "name output"));
  temporary_ = name;
  return {};
}

Result<void> AtomicFile::commit(Replace replace, Durability durability) {
  SEALIFT_CHECK(fd_.is_open());
  if (durability == Durability::synced && ::fsync(fd_.get()) != 0)
    return tl::unexpected(error_of_errno(errno, "sync output"));
  if (temporary_.empty()) SEALIFT_TRY_VOID(link_beside());
  const unsigned flags = replace == Replace::no ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    if (errno == EEXIST) return fail(ErrorCode::conflict, "the output exists already");
    return tl::unexpected(error_of_errno(errno, "name output"));
  }
  temporary_.clear();
  if (durability == Durability::none) return {};
  const FileDescriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0)
    return tl::unexpected(error_of_errno(errno, "sync folder"));
  return {};
}

}  // namespace sealift::base
