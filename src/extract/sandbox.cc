#include "extract/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>

#include "base/file_descriptor.h"

namespace sealift::extract {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<void> limit(int resource, std::uint64_t value) {
  const rlimit both{value, value};
  // __rlimit_resource_t is an enumeration in C++ and an int in C
  if (setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) {
    return fail(ErrorCode::unsupported, "cannot set a resource limit");
  }
  return {};
}

Result<void> set_limits(const SandboxLimits& limits) {
  SEALIFT_TRY_VOID(limit(RLIMIT_CORE, 0));
  SEALIFT_TRY_VOID(limit(RLIMIT_FSIZE, 0));
  SEALIFT_TRY_VOID(limit(RLIMIT_NOFILE, 16));
  // Not RLIMIT_AS: the file being read is mapped, and may be larger than memory.
  return limit(RLIMIT_DATA, limits.memory_bytes_max);
}

// Kernels since 5.13 have Landlock, unless they were built without it: seccomp stands alone then.
void lock_file_system() {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs =
      LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
      LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
      LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
      LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
      LANDLOCK_ACCESS_FS_MAKE_SYM;
  const base::FileDescriptor ruleset(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (ruleset.is_open()) syscall(SYS_landlock_restrict_self, ruleset.get(), 0);
}

struct FilterRelease {
  void operator()(void* filter) const { seccomp_release(filter); }
};

// Memory may be mapped and protected as long as it is not code.
bool allow_memory_calls(scmp_filter_ctx filter) {
  const scmp_arg_cmp no_code{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code) == 0;
}

// fstat is newfstatat without a path; abort() signals this process alone; the proof asks prctl.
bool allow_narrow_calls(scmp_filter_ctx filter) {
  const scmp_arg_cmp no_path{3, SCMP_CMP_EQ, AT_EMPTY_PATH, 0};
  const scmp_arg_cmp self{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0};
  const scmp_arg_cmp asks{0, SCMP_CMP_EQ, PR_GET_NO_NEW_PRIVS, 0};
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, no_path) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, self) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, asks) == 0;
}

// Everything that reading needs. What is not here fails with EPERM.
constexpr std::array kAllowed = std::to_array<int>({
    SCMP_SYS(read),         SCMP_SYS(readv),
    SCMP_SYS(pread64),      SCMP_SYS(write),
    SCMP_SYS(writev),       SCMP_SYS(recvmsg),
    SCMP_SYS(close),        SCMP_SYS(fstat),
    SCMP_SYS(lseek),        SCMP_SYS(munmap),
    SCMP_SYS(mremap),       SCMP_SYS(madvise),
    SCMP_SYS(brk),          SCMP_SYS(futex),
    SCMP_SYS(sched_yield),  SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(tgkill),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(getrandom),
    SCMP_SYS(sigaltstack),  SCMP_SYS(exit),
    SCMP_SYS(exit_group),   SCMP_SYS(restart_syscall),
    SCMP_SYS(getrusage),
});

Result<void> filter_calls() {
  const std::unique_ptr<void, FilterRelease> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  bool good =
      filter != nullptr && allow_memory_calls(filter.get()) && allow_narrow_calls(filter.get());
  for (const int call : kAllowed) {
    good = good && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
  }
  if (!good || seccomp_load(filter.get()) != 0) {
    return fail(ErrorCode::unsupported, "cannot filter system calls");
  }
  return {};
}

bool can_open() {
  return base::FileDescriptor(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)).is_open();
}

bool can_create() {
  return base::FileDescriptor(open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)).is_open();
}

bool can_connect() { return base::FileDescriptor(socket(AF_INET, SOCK_STREAM, 0)).is_open(); }

bool can_fork() {
  const auto child = static_cast<pid_t>(syscall(SYS_fork));
  if (child == 0) _exit(0);
  return child > 0;
}

// Executing nothing gives EFAULT or ENOENT where execution is allowed.
bool can_execute() { return syscall(SYS_execve, "", nullptr, nullptr) == 0 || errno != EPERM; }

bool can_map_code() {
  constexpr std::size_t kSize = 4096;
  void* page = mmap(nullptr, kSize, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return false;
  munmap(page, kSize);
  return true;
}

bool can_gain_rights() { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1; }

}  // namespace

Result<void> lock_down(const SandboxLimits& limits) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return fail(ErrorCode::unsupported, "cannot give up rights");
  }
  SEALIFT_TRY_VOID(set_limits(limits));
  lock_file_system();
  return filter_calls();
}

Result<void> prove_denials() {
  struct Denial {
    const char* what;
    bool (*possible)();
  };
  constexpr std::array kDenials = std::to_array<Denial>({
      {"open a file", can_open},
      {"create a file", can_create},
      {"make a socket", can_connect},
      {"start a process", can_fork},
      {"execute a program", can_execute},
      {"map code", can_map_code},
      {"gain rights", can_gain_rights},
  });
  for (const Denial& denial : kDenials) {
    if (denial.possible()) {
      return fail(ErrorCode::internal, std::string("the sandbox leaks: can ") + denial.what);
    }
  }
  return {};
}

}  // namespace sealift::extract
