#include "client/transfer/output_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using parcel::EntryPath;

constexpr std::string_view kWorkPrefix = ".sealift-receive-";
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Private until they get the permissions of the manifest.
constexpr mode_t kFileMode = 0600;
constexpr mode_t kWorkFolderMode = 0700;
constexpr mode_t kFolderMode = 0777;  // less the umask

tl::unexpected<base::Error> failed(std::string_view what) {
  if (errno == EEXIST || errno == ENOTDIR || errno == ELOOP)
    return base::fail(ErrorCode::conflict,
                      "something of that name is in the output folder already");
  return tl::unexpected(base::error_of_errno(errno, what));
}

// Only files are in it; what cannot be removed stays.
void empty_folder(int folder) {
  const int copy = ::openat(folder, ".", kFolderFlags);
  DIR* const list = copy >= 0 ? ::fdopendir(copy) : nullptr;
  if (list == nullptr) return;
  while (const dirent* each = ::readdir(list)) {
    const std::string_view name = each->d_name;
    if (name != "." && name != "..") ::unlinkat(folder, each->d_name, 0);
  }
  ::closedir(list);
}

mode_t current_umask() {
  // Reading it means setting it; nothing else of the process makes files at this moment.
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

}  // namespace

struct OutputTree::State {
  FileDescriptor root;
  FileDescriptor work;
  std::string work_name;
  mode_t umask = 0;
  bool is_continued = false;  // the working folder was there
  std::mutex mutex;
  std::string last_folder;                  // mutex: path of `last`
  std::shared_ptr<FileDescriptor> last;     // mutex
  std::set<std::string, std::less<>> made;  // mutex: folders

  Result<std::shared_ptr<FileDescriptor>> folder(std::string_view path, bool make);
  Result<FileDescriptor> step(int above, const std::string& name, std::string_view path, bool make);
};

OutputTree::OutputTree(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputTree::OutputTree(OutputTree&&) noexcept = default;
OutputTree& OutputTree::operator=(OutputTree&&) noexcept = default;
OutputTree::~OutputTree() = default;

Result<OutputTree> OutputTree::open(const std::string& folder,
                                    const parcel::ParcelIdBytes& parcel) {
  auto state = std::make_unique<State>();
  state->umask = current_umask();
  if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "make the output folder"));
  // The folder that a person names may be a link.
  state->root = FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!state->root.is_open())
    return tl::unexpected(base::error_of_errno(errno, "open the output folder"));
  state->work_name = std::string(kWorkPrefix) + base::hex_encode(parcel);
  const char* const work = state->work_name.c_str();
  if (::mkdirat(state->root.get(), work, kWorkFolderMode) != 0) {
    if (errno != EEXIST)
      return tl::unexpected(base::error_of_errno(errno, "make the working folder"));
    state->is_continued = true;
  }
  state->work = FileDescriptor(::openat(state->root.get(), work, kFolderFlags));
  if (!state->work.is_open()) return failed("open the working folder");
  // In a folder that others write to, somebody may have made it, to read what comes.
  struct stat status {};
  if (::fstat(state->work.get(), &status) != 0) return failed("look at the working folder");
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fail(ErrorCode::forbidden,
                      "the working folder is open to other accounts, or was made by one");
  if (::flock(state->work.get(), LOCK_EX | LOCK_NB) != 0)
    return base::fail(ErrorCode::conflict, "this parcel is being received into this folder");
  return OutputTree(std::move(state));
}

Result<void> OutputTree::check(const EntryPath& path) {
  if (path.text().starts_with(kWorkPrefix))
    return base::fail(ErrorCode::malformed, "an entry has a name that is not for entries");
  return {};
}

Result<FileDescriptor> OutputTree::State::step(int above, const std::string& name,
                                               std::string_view path, bool make) {
  FileDescriptor next(::openat(above, name.c_str(), kFolderFlags));
  if (next.is_open() || errno != ENOENT || !make) {
    if (!next.is_open()) return failed("open a folder");
    return next;
  }
  if (::mkdirat(above, name.c_str(), kFolderMode) == 0) {
    made.emplace(path);
  } else if (errno != EEXIST) {
    return failed("make a folder");
  }
  next = FileDescriptor(::openat(above, name.c_str(), kFolderFlags));
  if (!next.is_open()) return failed("open a folder");
  return next;
}

// The folder of that path; "" is the root.
Result<std::shared_ptr<FileDescriptor>> OutputTree::State::folder(std::string_view path,
                                                                  bool make) {
  const std::lock_guard lock(mutex);
  if (last && last_folder == path) return last;
  FileDescriptor at(::openat(root.get(), ".", kFolderFlags));
  if (!at.is_open()) return failed("open the output folder");
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t slash = std::min(path.find('/', begin), path.size());
    SEALIFT_TRY(at, step(at.get(), std::string(path.substr(begin, slash - begin)),
                         path.substr(0, slash), make));
    begin = slash + 1;
  }
  last = std::make_shared<FileDescriptor>(std::move(at));
  last_folder = path;
  return last;
}

namespace {

struct Split {
  std::string_view folder;  // "" at the top
  std::string name;
};

Split split(const EntryPath& path) {
  const std::string_view text = path.text();
  const std::size_t slash = text.rfind('/');
  if (slash == text.npos) return {"", std::string(text)};
  return {text.substr(0, slash), std::string(text.substr(slash + 1))};
}

}  // namespace

Result<OutputTree::Standing> OutputTree::look(const EntryPath& path) {
  const Split parts = split(path);
  const auto folder = state_->folder(parts.folder, false);
  if (!folder) {
    if (folder.error().code == ErrorCode::not_found) return Standing{};
    return tl::unexpected(folder.error());
  }
  FileDescriptor file(::openat((*folder)->get(), parts.name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return Standing{errno == ENOENT ? Found::nothing : Found::other, {}, 0};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Standing{Found::other, {}, 0};
  if (S_ISDIR(status.st_mode)) return Standing{Found::folder, {}, 0};
  if (!S_ISREG(status.st_mode)) return Standing{Found::other, {}, 0};
  return Standing{Found::file, std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

Result<FileDescriptor> OutputTree::temporary(std::size_t entry) {
  FileDescriptor file(::openat(state_->work.get(), std::to_string(entry).c_str(),
                               O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.is_open()) return failed("make a file");
  return file;
}

namespace {

constexpr std::size_t kBlockSize = 4096;

bool is_zero(base::ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::byte each) { return each == std::byte{0}; });
}

// Zeros from there on, without taking up room where the file system can.
Result<void> write_zeros(const FileDescriptor& file, base::ByteView zeros, std::uint64_t at) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed("write a file");
  // Behind the end of the file is nothing that would have to go.
  if (at >= static_cast<std::uint64_t>(status.st_size)) return {};
  if (::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(at),
                  static_cast<off_t>(zeros.size())) == 0)
    return {};
  return base::pwrite_full(file.get(), zeros, at);
}

}  // namespace

Result<void> OutputTree::write(const FileDescriptor& file, base::ByteView bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    // A run of blocks of one kind; the file's blocks, not the piece's.
    std::size_t size = 0;
    bool is_hole = false;
    while (size < bytes.size()) {
      const std::size_t block =
          std::min<std::size_t>(kBlockSize - (at + size) % kBlockSize, bytes.size() - size);
      const bool is_empty = is_zero(bytes.subspan(size, block));
      if (size > 0 && is_empty != is_hole) break;
      is_hole = is_empty;
      size += block;
    }
    SEALIFT_TRY_VOID(is_hole ? write_zeros(file, bytes.first(size), at)
                             : base::pwrite_full(file.get(), bytes.first(size), at));
    bytes = bytes.subspan(size);
    at += size;
  }
  return {};
}

Result<OutputTree::Space> OutputTree::space() const {
  struct statvfs disk {};
  if (::fstatvfs(state_->root.get(), &disk) != 0) return failed("look at the output folder's disk");
  Space space{.free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize};
  DIR* const list = ::fdopendir(::openat(state_->work.get(), ".", kFolderFlags));
  if (list == nullptr) return failed("look at the working folder");
  while (const dirent* each = ::readdir(list)) {
    struct stat status {};
    if (::fstatat(state_->work.get(), each->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(status.st_mode))
      space.held_bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  ::closedir(list);
  return space;
}

Result<void> OutputTree::publish(std::size_t number, const parcel::Entry& entry,
                                 const EntryPath& path) {
  const Split parts = split(path);
  SEALIFT_TRY(const auto folder, state_->folder(parts.folder, true));
  SEALIFT_TRY(const FileDescriptor file, temporary(number));
  const timespec time{.tv_sec = entry.modified_unix_s, .tv_nsec = 0};
  const timespec times[2] = {time, time};
  if (::ftruncate(file.get(), static_cast<off_t>(entry.size_bytes)) != 0 ||
      ::fchmod(file.get(), entry.permissions & 0777u & ~state_->umask) != 0 ||
      ::futimens(file.get(), times) != 0)
    return failed("finish a file");
  if (::renameat2(state_->work.get(), std::to_string(number).c_str(), folder->get(),
                  parts.name.c_str(), RENAME_NOREPLACE) != 0)
    return failed("name a file");
  return {};
}

Result<void> OutputTree::make_folder(const EntryPath& path) {
  SEALIFT_TRY_VOID(state_->folder(path.text(), true));
  return {};
}

Result<void> OutputTree::finish_folder(const parcel::Entry& entry, const EntryPath& path) {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->is_continued && !state_->made.contains(path.text())) return {};
  }
  SEALIFT_TRY(const auto folder, state_->folder(path.text(), false));
  const timespec time{.tv_sec = entry.modified_unix_s, .tv_nsec = 0};
  const timespec times[2] = {time, time};
  if (::futimens(folder->get(), times) != 0 ||
      ::fchmod(folder->get(), entry.permissions & 0777u & ~state_->umask) != 0)
    return failed("finish a folder");
  return {};
}

Result<std::optional<base::Bytes>> OutputTree::read_note(const std::string& name) {
  FileDescriptor file(
      ::openat(state_->work.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    return failed("read what is to be continued");
  }
  base::Bytes bytes(limits::kJsonBodySizeMax);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  bytes.resize(size);
  return bytes;
}

Result<void> OutputTree::write_note(const std::string& name, base::ByteView bytes) {
  const std::string fresh = name + ".new";
  const FileDescriptor file(::openat(state_->work.get(), fresh.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                                     kFileMode));
  if (!file.is_open()) return failed("keep what is to be continued");
  SEALIFT_TRY_VOID(base::write_full(file.get(), bytes));
  if (::renameat(state_->work.get(), fresh.c_str(), state_->work.get(), name.c_str()) != 0)
    return failed("keep what is to be continued");
  return {};
}

Result<FileDescriptor> OutputTree::open_note(const std::string& name) {
  FileDescriptor file(::openat(state_->work.get(), name.c_str(),
                               O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.is_open()) return failed("keep what is to be continued");
  return file;
}

void OutputTree::end() {
  empty_folder(state_->work.get());
  ::unlinkat(state_->root.get(), state_->work_name.c_str(), AT_REMOVEDIR);
}

}  // namespace sealift::client
