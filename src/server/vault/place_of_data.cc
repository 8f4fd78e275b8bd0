#include "server/vault/place_of_data.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

constexpr mode_t kWriteOfOthers = 022;

std::string account_name(uid_t account) {
  const passwd* const found = ::getpwuid(account);
  return found == nullptr ? "with the number " + std::to_string(account) : found->pw_name;
}

// In a folder with the sticky bit, like /tmp, names are their owners' alone.
bool is_open(const struct stat& status) {
  return (status.st_mode & kWriteOfOthers) != 0 && (status.st_mode & S_ISVTX) == 0;
}

tl::unexpected<base::Error> of_other(const std::string& path, uid_t owner, MadeAs made_as) {
  const std::string name = account_name(owner);
  if (made_as == MadeAs::owner) {
    return base::fail(
        ErrorCode::forbidden,
        path + " belongs to the account " + name +
            ", not to root: choose a folder of root's, or make one of that account's");
  }
  return base::fail(ErrorCode::forbidden,
                    path + " belongs to the account " + name +
                        ", not to root: choose a folder of root's, or run this as that account: "
                        "`sudo -u " +
                        name + "`");
}

tl::unexpected<base::Error> open_above(const std::string& folder, const std::string& path) {
  return base::fail(ErrorCode::forbidden,
                    folder +
                        " can be written to by other accounts of this machine, which could put "
                        "another folder in the place of " +
                        path + ": take that from them with `chmod go-w`, or choose another place");
}

// Every folder from the file system's root down to the last one that is there.
std::vector<std::string> folders_above(const fs::path& place) {
  std::vector<std::string> all;
  for (fs::path each = place; all.empty() || each != each.root_path();) {
    each = each.parent_path();
    all.push_back(each);
  }
  return all;
}

}  // namespace

Result<void> refuse_place_of_others(const std::string& path, MadeAs made_as) {
  if (::geteuid() != 0) return {};
  std::error_code error;
  const fs::path place = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) return tl::unexpected(base::Error{ErrorCode::io, path + ": " + error.message()});
  struct stat own {};
  const bool is_there = ::stat(path.c_str(), &own) == 0;
  if (is_there && own.st_uid != 0 && made_as == MadeAs::caller) {
    return of_other(path, own.st_uid, made_as);
  }
  if (is_there && is_open(own)) return open_above(path, "what is made in it");
  bool is_lowest = true;
  for (const std::string& folder : folders_above(place)) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) continue;  // it is made
    if (is_open(status)) return open_above(folder, path);
    const bool is_owners = status.st_uid == 0 || (is_there && status.st_uid == own.st_uid);
    if (is_lowest && !is_owners) return of_other(folder, status.st_uid, made_as);
    is_lowest = false;
  }
  return {};
}

Result<void> refuse_way_of_others(const std::string& path) {
  if (::geteuid() != 0) return {};
  std::error_code error;
  const fs::path typed = fs::absolute(path, error).lexically_normal();
  const fs::path place = error ? fs::path() : fs::weakly_canonical(typed, error);
  if (error) return tl::unexpected(base::Error{ErrorCode::io, path + ": " + error.message()});
  for (const fs::path& way : {typed, place}) {
    std::vector<std::string> all = folders_above(way);
    all.push_back(way);
    for (const std::string& each : all) {
      struct stat status {};
      if (::lstat(each.c_str(), &status) != 0) continue;  // it is made
      if (status.st_uid != 0) return of_other(each, status.st_uid, MadeAs::caller);
      if (S_ISDIR(status.st_mode) && is_open(status)) return open_above(each, path);
    }
  }
  return {};
}

}  // namespace sealift::server::vault
