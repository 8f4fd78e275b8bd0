#include "client/transfer/source_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/sha256.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using parcel::Entry;
using parcel::EntryKind;
using parcel::EntryPath;

// Manifests hold integers up to 2^53.
constexpr std::int64_t kFileSizeMax = std::int64_t{1} << 53;

tl::unexpected<base::Error> too_many() {
  return base::fail(ErrorCode::limit, "these are more files than the " +
                                          std::to_string(limits::kParcelEntriesMax) +
                                          " that one parcel holds");
}

class Walk {
 public:
  // A path that was given: links are followed.
  Result<void> top(const std::string& path, const std::string& name) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
      return tl::unexpected(base::error_of_errno(errno, "what is to be sent"));
    return add(path, name, status);
  }

  SourceTree take() { return std::move(tree_); }

 private:
  Result<void> found(const std::string& path, const std::string& name) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return refuse(path, SourceRefusal::unreadable);
    return add(path, name, status);
  }

  Result<void> add(const std::string& path, const std::string& name, const struct stat& status) {
    if (S_ISLNK(status.st_mode)) return refuse(path, SourceRefusal::link);
    const bool is_folder = S_ISDIR(status.st_mode);
    if (!is_folder && !S_ISREG(status.st_mode)) return refuse(path, SourceRefusal::special);
    auto entry_path = EntryPath::parse(name);
    if (!entry_path) return refuse(path, SourceRefusal::name);
    const int wanted = is_folder ? R_OK | X_OK : R_OK;
    if (::access(path.c_str(), wanted) != 0) return refuse(path, SourceRefusal::unreadable);
    if (status.st_size > kFileSizeMax) return refuse(path, SourceRefusal::too_large);
    if (tree_.entries.size() >= limits::kParcelEntriesMax) return too_many();
    const auto size_bytes = is_folder ? 0 : static_cast<std::uint64_t>(status.st_size);
    tree_.entries.push_back(Entry{.path = *std::move(entry_path),
                                  .kind = is_folder ? EntryKind::folder : EntryKind::file,
                                  .permissions = status.st_mode & 0777u,
                                  .modified_unix_s = status.st_mtim.tv_sec,
                                  .size_bytes = size_bytes});
    tree_.paths.push_back(path);
    tree_.stamps.push_back({status.st_ino, std::int64_t{status.st_ctim.tv_sec} * 1'000'000'000 +
                                               status.st_ctim.tv_nsec});
    tree_.content_bytes += size_bytes;
    return is_folder ? below(path, name) : Result<void>();
  }

  Result<void> below(const std::string& path, const std::string& name) {
    std::vector<std::string> names;
    std::error_code error;
    for (auto each = std::filesystem::directory_iterator(path, error);
         !error && each != std::filesystem::directory_iterator(); each.increment(error))
      names.push_back(each->path().filename().string());
    if (error) return refuse(path, SourceRefusal::unreadable);
    std::ranges::sort(names);
    for (const std::string& each : names)
      SEALIFT_TRY_VOID(found(path + "/" + each, name + "/" + each));
    return {};
  }

  Result<void> refuse(const std::string& path, SourceRefusal why) {
    if (tree_.refused.size() >= limits::kParcelEntriesMax) return too_many();
    tree_.refused.push_back({.path = path, .why = why});
    return {};
  }

  SourceTree tree_;
};

// The last name of a path, also of "." and "dir/..".
std::string name_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path given(path);
  std::filesystem::path name = given.filename();
  if (name.empty()) name = given.parent_path().filename();
  if (name.empty() || name == "." || name == "..")
    name = std::filesystem::canonical(given, error).filename();
  return error ? std::string() : name.string();
}

// "a/" and "a" are one folder; "a//b" is as good as "a/b".
std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

std::string_view refusal_text(SourceRefusal refusal) {
  switch (refusal) {
    case SourceRefusal::name:
      return "its name cannot be sent: not UTF-8, longer than 255 bytes, with control characters, "
             "or in a path of more than 4096 bytes or 64 folders";
    case SourceRefusal::link:
      return "it is a symbolic link";
    case SourceRefusal::special:
      return "it is neither a file nor a folder";
    case SourceRefusal::unreadable:
      return "it cannot be read";
    case SourceRefusal::too_large:
      return "it is larger than 8 PiB";
  }
  return "";
}

Result<SourceTree> walk_sources(std::span<const std::string> paths) {
  Walk walk;
  std::set<std::string> names;
  for (const std::string& given : paths) {
    const std::string path = without_trailing_slash(given);
    struct stat status {};
    if (path.empty()) return base::fail(ErrorCode::usage, "one of the paths to send is empty");
    if (::stat(path.c_str(), &status) != 0)
      return tl::unexpected(base::error_of_errno(errno, printable_name(given)));
    const std::string name = name_of(path);
    if (name.empty() || name == "/")
      return base::fail(ErrorCode::usage, printable_name(given) + " has no name of its own");
    if (!names.insert(name).second)
      return base::fail(ErrorCode::usage,
                        "two of the paths to send end in the same name, " + printable_name(name));
    SEALIFT_TRY_VOID(walk.top(path, name));
  }
  return walk.take();
}

crypto::Sha256Digest source_digest(const SourceTree& tree) {
  crypto::Sha256 hash;
  for (const parcel::Entry& entry : tree.entries) hash.update(parcel::tar_header(entry));
  for (const SourceStamp& stamp : tree.stamps)
    hash.update(base::bytes_of(std::to_string(stamp.inode) + " " +
                               std::to_string(stamp.changed_unix_ns) + "\n"));
  return hash.finish();
}

std::string printable_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto point = base::first_code_point(name);
    const std::size_t size = point ? point->size_bytes : 1;
    const bool shown = point && point->value >= 0x20 &&
                       !(point->value >= 0x7f && point->value <= 0x9f) &&
                       // What turns the direction of writing can make a name look like another.
                       !(point->value >= 0x202a && point->value <= 0x202e) &&
                       !(point->value >= 0x2066 && point->value <= 0x2069);
    out += shown ? name.substr(0, size) : "?";
    name.remove_prefix(size);
  }
  return out;
}

}  // namespace sealift::client
