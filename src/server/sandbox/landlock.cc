#include "server/sandbox/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/file_descriptor.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

struct RulesetAttributes {
  std::uint64_t files;
  std::uint64_t network;  // from version 4
  std::uint64_t scoped;   // from version 6
};
struct __attribute__((packed)) PathAttributes {
  std::uint64_t allowed;
  std::int32_t parent;
};
struct PortAttributes {
  std::uint64_t allowed;
  std::uint64_t port;
};

constexpr unsigned kVersionFlag = 1;
constexpr int kPathRule = 1;
constexpr int kPortRule = 2;
constexpr std::uint64_t kExecute = 1U << 0;
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadFolder = 1U << 3;
constexpr std::uint64_t kConnect = 1U << 1;  // bind is 1 << 0
constexpr std::uint64_t kMakeDevice = (1U << 6) | (1U << 11);

long version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, kVersionFlag);
}

// All bits about files that a version knows.
std::uint64_t file_bits(long version) {
  std::uint64_t bits = (1U << 13) - 1;
  if (version >= 2) bits |= 1U << 13;  // refer: linking and renaming between folders
  if (version >= 3) bits |= 1U << 14;  // truncate
  if (version >= 5) bits |= 1U << 15;  // ioctl on devices
  return bits;
}

Result<void> allow_path(int ruleset, const std::string& path, std::uint64_t bits) {
  const FileDescriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  if (!place.is_open() || ::fstat(place.get(), &status) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "sandbox folder"));
  }
  // A plain file has no rights that are about what is in a folder.
  constexpr std::uint64_t kFileOnly = kExecute | (1U << 1) | kReadFile | (1U << 14);
  if (!S_ISDIR(status.st_mode)) bits &= kFileOnly;
  const PathAttributes attributes{bits, place.get()};
  if (::syscall(SYS_landlock_add_rule, ruleset, kPathRule, &attributes, 0) != 0) {
    return base::fail(ErrorCode::unsupported, "landlock rule");
  }
  return {};
}

}  // namespace

bool landlock_limits_tcp() { return version() >= 4; }

Result<void> restrict_by_landlock(const Rights& rights) {
  const long found = version();
  if (found < 1) return base::fail(ErrorCode::unsupported, "this kernel has no Landlock");
  RulesetAttributes attributes{file_bits(found), 0, 0};
  std::size_t size = sizeof(std::uint64_t);
  if (found >= 4) {
    attributes.network = 3;
    size = 2 * sizeof(std::uint64_t);
  }
  if (found >= 6) {
    attributes.scoped = 3;  // abstract sockets and signals stay within
    size = sizeof(attributes);
  }
  const FileDescriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0U)));
  if (!ruleset.is_open()) return base::fail(ErrorCode::unsupported, "landlock ruleset");
  const std::uint64_t all = attributes.files & ~(kExecute | kMakeDevice);
  for (const std::string& path : rights.folders) {
    SEALIFT_TRY_VOID(allow_path(ruleset.get(), path, all));
  }
  for (const std::string& path : rights.readable) {
    SEALIFT_TRY_VOID(allow_path(ruleset.get(), path, kReadFile | kReadFolder));
  }
  for (const std::uint16_t port : rights.connect_ports) {
    const PortAttributes rule{kConnect, port};
    if (found >= 4 && ::syscall(SYS_landlock_add_rule, ruleset.get(), kPortRule, &rule, 0) != 0) {
      return base::fail(ErrorCode::unsupported, "landlock rule");
    }
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) {
    return base::fail(ErrorCode::unsupported, "landlock");
  }
  return {};
}

}  // namespace sealift::server
