#include "server/sandbox/sandbox.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <span>

#include "server/sandbox/landlock.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::Result;

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// What every role needs: memory, time, threads of its own, and descriptors that it holds.
constexpr std::array kCommon = std::to_array<int>({
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(pwritev),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(lseek),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(getrusage),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(sendfile),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(dup),
    SCMP_SYS(fallocate),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(sync_file_range),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fstatfs),
    SCMP_SYS(fadvise64),
    SCMP_SYS(memfd_create),
    SCMP_SYS(umask),
});

// With folders: names below them; Landlock says which.
constexpr std::array kFiles = std::to_array<int>({
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(statfs),
    SCMP_SYS(open),
});
constexpr std::array kChanges = std::to_array<int>({
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(rmdir),
    SCMP_SYS(flock),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchown),
    SCMP_SYS(utimensat),
    SCMP_SYS(syncfs),
    SCMP_SYS(copy_file_range),
});

// What is done to a descriptor itself. None that names a process to be signalled (F_SETOWN,
// F_SETSIG), and no lease.
constexpr std::array kDescriptorCommands =
    std::to_array<int>({F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK,
                        F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW});
// Of a socket that connects: how much has come, and whether it waits. No terminal's, no device's.
constexpr std::array kSocketControls = std::to_array<unsigned long>({FIONREAD, FIONBIO});

bool allow(const Filter& filter, std::span<const int> calls) {
  for (const int call : calls) {
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0) return false;
  }
  return true;
}

bool allow_if(const Filter& filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, condition) == 0;
}

scmp_arg_cmp equals(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

// Memory that is not code; threads but no processes; signals to itself; questions without a path.
bool allow_narrowed(const Filter& filter) {
  const scmp_arg_cmp no_code{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  const scmp_arg_cmp thread{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD};
  const auto self = static_cast<std::uint64_t>(getpid());
  return allow_if(filter, SCMP_SYS(mmap), no_code) &&
         allow_if(filter, SCMP_SYS(mprotect), no_code) &&
         allow_if(filter, SCMP_SYS(clone), thread) &&
         // its flags are behind a pointer: glibc falls back to clone
         seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         allow_if(filter, SCMP_SYS(tgkill), equals(0, self)) &&
         allow_if(filter, SCMP_SYS(prctl), equals(0, PR_GET_NO_NEW_PRIVS)) &&
         allow_if(filter, SCMP_SYS(prctl), equals(0, PR_GET_DUMPABLE)) &&
         allow_if(filter, SCMP_SYS(prctl), equals(0, PR_SET_NAME)) &&
         // asking for a limit, not setting one
         allow_if(filter, SCMP_SYS(prlimit64), equals(2, 0));
}

bool allow_descriptor_commands(const Filter& filter) {
  return std::ranges::all_of(kDescriptorCommands, [&](int command) {
    return allow_if(filter, SCMP_SYS(fcntl), equals(1, static_cast<std::uint64_t>(command)));
  });
}

bool allow_rights(const Filter& filter, const Rights& rights) {
  const bool has_files = !rights.folders.empty() || !rights.readable.empty();
  bool good = true;
  if (has_files) {
    good = allow(filter, kFiles);
  } else {
    good = allow_if(filter, SCMP_SYS(newfstatat), equals(3, AT_EMPTY_PATH));
  }
  if (!rights.folders.empty()) good = good && allow(filter, kChanges);
  if (rights.accepts) {
    constexpr std::array kAccept = std::to_array<int>({SCMP_SYS(accept4)});
    good = good && allow(filter, kAccept);
  }
  if (rights.sends_unix_datagrams) {
    const scmp_arg_cmp datagrams{1, SCMP_CMP_EQ, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0};
    good = good &&
           seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, equals(0, AF_UNIX),
                            datagrams) == 0 &&
           seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(connect), 0) == 0;
  }
  if (!rights.connect_ports.empty()) {
    for (const int family : {AF_INET, AF_INET6}) {
      good =
          good && allow_if(filter, SCMP_SYS(socket), equals(0, static_cast<std::uint64_t>(family)));
    }
    constexpr std::array kConnect =
        std::to_array<int>({SCMP_SYS(connect), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg)});
    good = good && allow(filter, kConnect);
    for (const unsigned long control : kSocketControls) {
      good = good && allow_if(filter, SCMP_SYS(ioctl), equals(1, control));
    }
  }
  return good;
}

Result<void> filter_calls(const Rights& rights) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  const bool good = filter && allow(filter, kCommon) && allow_narrowed(filter) &&
                    allow_descriptor_commands(filter) && allow_rights(filter, rights) &&
                    seccomp_load(filter.get()) == 0;
  if (!good) return base::fail(ErrorCode::unsupported, "cannot filter system calls");
  return {};
}

}  // namespace

Result<void> confine(const Rights& rights) {
  const rlimit none{0, 0};
  const bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
  if (!good) return base::fail(ErrorCode::unsupported, "cannot give up rights");
  SEALIFT_TRY_VOID(restrict_by_landlock(rights));
  return filter_calls(rights);
}

}  // namespace sealift::server
