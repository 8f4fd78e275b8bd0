#include "server/vault/upkeep/copying.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/atomic_file.h"
#include "base/regular_file.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr unsigned kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kCopySize = std::size_t{1} << 20;

Result<FileDescriptor> open_to_read(const std::string& path) {
  return base::open_regular(path, base::Links::refused, path);
}

// Reads to the end; writes each piece to `to` unless that is negative.
Result<FileDigest> pump(int from, int to) {
  base::Bytes buffer(kCopySize);
  crypto::Sha256 hash;
  FileDigest done;
  while (true) {
    SEALIFT_TRY(const std::size_t size, base::read_full(from, buffer));
    const base::ByteView piece = base::ByteView(buffer).first(size);
    hash.update(piece);
    if (to >= 0) SEALIFT_TRY_VOID(base::write_full(to, piece));
    done.size_bytes += size;
    if (size < buffer.size()) break;
  }
  done.digest = {hash.finish()};
  return done;
}

Result<void> sync_folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path();
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "folder"));
  }
  return {};
}

}  // namespace

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) return {};
  if (errno != EEXIST) return tl::unexpected(base::error_of_errno(errno, path));
  std::error_code unknown;  // using it says why
  if (!fs::exists(path, unknown) || fs::is_directory(path, unknown)) return {};
  return base::fail(ErrorCode::conflict, path + " is no folder");
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename());
  }
  if (error == std::errc::no_such_file_or_directory) return names;
  if (error) return tl::unexpected(base::error_of_errno(error.value(), "folder"));
  std::ranges::sort(names);
  return names;
}

Result<FileDigest> digest_of_file(const std::string& path) {
  SEALIFT_TRY(const FileDescriptor file, open_to_read(path));
  return pump(file.get(), -1);
}

Result<FileDigest> copy_file(const std::string& from, const std::string& to,
                             const std::optional<FileDigest>& wanted) {
  SEALIFT_TRY(const FileDescriptor source, open_to_read(from));
  SEALIFT_TRY(base::AtomicFile target, base::AtomicFile::create(to, kFileMode));
  SEALIFT_TRY(const FileDigest copied, pump(source.get(), target.fd()));
  if (wanted && (copied.digest != wanted->digest || copied.size_bytes != wanted->size_bytes)) {
    return base::fail(ErrorCode::damaged, "its bytes were changed");
  }
  SEALIFT_TRY_VOID(target.commit(base::Replace::yes, base::Durability::none));
  return copied;
}

Result<void> copy_tree(const std::string& from, const std::string& to) {
  std::error_code unknown_yet;  // reading its names says why
  if (fs::is_symlink(fs::symlink_status(from, unknown_yet))) {
    return base::fail(ErrorCode::conflict, from + " is a link, and has to be a folder");
  }
  SEALIFT_TRY_VOID(make_folder(to));
  SEALIFT_TRY(const auto names, names_in(from));
  for (const std::string& name : names) {
    if (fs::path(name).extension() == ".new") continue;
    const std::string inner = from + "/" + name;
    std::error_code unknown;  // copying says why
    if (fs::is_directory(fs::symlink_status(inner, unknown))) {
      SEALIFT_TRY_VOID(copy_tree(inner, to + "/" + name));
      continue;
    }
    const auto copied = copy_file(inner, to + "/" + name);
    if (!copied && copied.error().code != ErrorCode::not_found) {
      return tl::unexpected(copied.error());
    }
  }
  return {};
}

Result<void> write_durably(const std::string& path, std::string_view text) {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kFileMode));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(text)));
  SEALIFT_TRY_VOID(file.commit(base::Replace::yes, base::Durability::synced));
  return sync_folder_of(path);
}

Result<std::string> read_text(const std::string& path, std::size_t size_bytes_max) {
  SEALIFT_TRY(const FileDescriptor file, open_to_read(path));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return tl::unexpected(base::error_of_errno(errno, "file"));
  if (static_cast<std::uint64_t>(status.st_size) > size_bytes_max) {
    return base::fail(ErrorCode::limit, "the file has " + std::to_string(status.st_size) +
                                            " bytes, and may have " +
                                            std::to_string(size_bytes_max));
  }
  base::Bytes bytes(static_cast<std::size_t>(status.st_size));
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  return std::string(base::text_of(base::ByteView(bytes).first(size)));
}

Result<void> sync_below(const std::string& folder) {
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::syncfs(fd.get()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "folder"));
  }
  return {};
}

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return tl::unexpected(base::error_of_errno(errno, "rename"));
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace sealift::server::vault
