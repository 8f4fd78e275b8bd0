#include "base/file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sealift::base {
namespace {

constexpr unsigned kFileMode = 0600;
constexpr unsigned kFolderMode = 0700;

tl::unexpected<Error> failed(std::string_view what) {
  if (errno == EEXIST) return fail(ErrorCode::conflict, std::string(what) + ": the name is taken");
  return tl::unexpected(error_of_errno(errno, what));
}

// Calls `attempt` until a signal does not interrupt it.
template <typename Attempt>
int retried(Attempt attempt) {
  int outcome = 0;
  do {
    outcome = attempt();
  } while (outcome < 0 && errno == EINTR);
  return outcome;
}

// A second wall behind names that are ours: nothing outside `root`, through no link of any kind.
FileDescriptor open_beneath(int root, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | O_NOFOLLOW);
  how.mode = (flags & O_CREAT) != 0 ? kFileMode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return FileDescriptor(retried(
      [&] { return static_cast<int>(::syscall(SYS_openat2, root, path, &how, sizeof how)); }));
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Result<DiskFileSystem> DiskFileSystem::open_root(const std::string& root) {
  FileDescriptor fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) return failed("open folder");
  return DiskFileSystem(std::move(fd));
}

Result<FileDescriptor> DiskFileSystem::open(const std::string& path, OpenFor what) {
  int flags = what == OpenFor::reading ? O_RDONLY : O_RDWR;
  if (what == OpenFor::creating) flags |= O_CREAT | O_EXCL;
  // A pipe in a file's place would be waited for.
  FileDescriptor fd = open_beneath(root_.get(), path.c_str(), flags | O_NONBLOCK | O_NOCTTY);
  if (!fd.is_open()) return failed("open");
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0) return failed("open");
  if (!S_ISREG(found.st_mode)) return fail(ErrorCode::damaged, "open: this is no regular file");
  return fd;
}

Result<std::uint64_t> DiskFileSystem::size(int fd) {
  struct stat found {};
  if (::fstat(fd, &found) != 0) return failed("size");
  return static_cast<std::uint64_t>(found.st_size);
}

Result<std::size_t> DiskFileSystem::read_at(int fd, MutableByteView out, std::uint64_t offset) {
  return pread_full(fd, out, offset);
}

Result<void> DiskFileSystem::write_at(int fd, ByteView bytes, std::uint64_t offset) {
  return pwrite_full(fd, bytes, offset);
}

Result<void> DiskFileSystem::resize(int fd, std::uint64_t size_bytes) {
  if (retried([&] { return ::ftruncate(fd, static_cast<off_t>(size_bytes)); }) != 0)
    return failed("resize");
  return {};
}

Result<void> DiskFileSystem::reserve(int fd, const FileRange& range) {
  const int outcome = retried([&] {
    return ::fallocate(fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(range.offset),
                       static_cast<off_t>(range.size_bytes));
  });
  if (outcome == 0 || errno == EOPNOTSUPP || errno == ENODEV || errno == ENOSYS) return {};
  return failed("reserve");
}

Result<void> DiskFileSystem::sync_data(int fd) {
  if (retried([&] { return ::fdatasync(fd); }) != 0) return failed("sync");
  return {};
}

Result<void> DiskFileSystem::rename(const std::string& from, const std::string& to) {
  if (::renameat(root_.get(), from.c_str(), root_.get(), to.c_str()) != 0) return failed("rename");
  return {};
}

Result<bool> DiskFileSystem::remove(const std::string& path) {
  if (::unlinkat(root_.get(), path.c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  return failed("remove");
}

Result<void> DiskFileSystem::make_folder(const std::string& path) {
  if (::mkdirat(root_.get(), path.c_str(), kFolderMode) != 0 && errno != EEXIST)
    return failed("make folder");
  return {};
}

Result<FileDescriptor> DiskFileSystem::open_folder(const std::string& path) {
  const char* name = path.empty() ? "." : path.c_str();
  FileDescriptor fd = open_beneath(root_.get(), name, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open()) return failed("open folder");
  return fd;
}

Result<void> DiskFileSystem::sync_folder(const std::string& path) {
  SEALIFT_TRY(const FileDescriptor folder, open_folder(path));
  if (retried([&] { return ::fsync(folder.get()); }) != 0) return failed("sync folder");
  return {};
}

Result<bool> DiskFileSystem::exists(const std::string& path) {
  struct stat found {};
  if (::fstatat(root_.get(), path.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return failed("look");
}

Result<std::vector<std::string>> DiskFileSystem::list_folder(const std::string& path) {
  SEALIFT_TRY(FileDescriptor fd, open_folder(path));
  const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(fd.get()));
  if (!folder) return failed("list folder");
  static_cast<void>(fd.release());  // the DIR owns it now
  std::vector<std::string> names;
  errno = 0;
  for (const dirent* entry = nullptr; (entry = ::readdir(folder.get())) != nullptr; errno = 0) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return failed("list folder");
  std::ranges::sort(names);
  return names;
}

Result<DiskSpace> DiskFileSystem::space() {
  struct statvfs found {};
  if (::fstatvfs(root_.get(), &found) != 0) return failed("free space");
  return DiskSpace{.free_bytes = std::uint64_t{found.f_bavail} * found.f_frsize,
                   .total_bytes = std::uint64_t{found.f_blocks} * found.f_frsize};
}

Result<Bytes> read_file(FileSystem& files, const std::string& path, std::size_t size_bytes_max) {
  SEALIFT_TRY(const FileDescriptor fd, files.open(path, OpenFor::reading));
  SEALIFT_TRY(const std::uint64_t size, files.size(fd.get()));
  if (size > size_bytes_max)
    return fail(ErrorCode::limit, "the file has " + std::to_string(size) + " bytes, and may have " +
                                      std::to_string(size_bytes_max));
  Bytes bytes(static_cast<std::size_t>(size));
  SEALIFT_TRY(const std::size_t got, files.read_at(fd.get(), bytes, 0));
  bytes.resize(got);
  return bytes;
}

Result<void> replace_file(FileSystem& files, const std::string& path, ByteView bytes) {
  const std::string fresh = path + ".new";
  SEALIFT_TRY_VOID(files.remove(fresh));  // left over from a crash
  SEALIFT_TRY(const FileDescriptor fd, files.open(fresh, OpenFor::creating));
  SEALIFT_TRY_VOID(files.write_at(fd.get(), bytes, 0));
  SEALIFT_TRY_VOID(files.sync_data(fd.get()));
  SEALIFT_TRY_VOID(files.rename(fresh, path));
  return files.sync_folder(folder_of_path(path));
}

std::string folder_of_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace sealift::base
