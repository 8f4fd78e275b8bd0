// The proof: each denial is tried, by the plainest call that would break it.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/file_descriptor.h"
#include "server/sandbox/landlock.h"
#include "server/sandbox/sandbox.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;

bool can_open() { return FileDescriptor(open("/etc/passwd", O_RDONLY | O_CLOEXEC)).is_open(); }
bool can_list() { return FileDescriptor(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)).is_open(); }
bool can_create() {
  for (const char* folder : {"/tmp", "/dev/shm", "/var/tmp", "/"}) {
    if (FileDescriptor(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)).is_open()) return true;
  }
  return false;
}
bool can_read_memory() {
  return FileDescriptor(open("/proc/self/mem", O_RDWR | O_CLOEXEC)).is_open();
}
// Executing nothing gives EFAULT or ENOENT where executing is allowed.
bool can_execute() { return syscall(SYS_execve, "", nullptr, nullptr) == 0 || errno != EPERM; }
bool can_execute_at() {
  return syscall(SYS_execveat, -1, "", nullptr, nullptr, 0) == 0 || errno != EPERM;
}
bool can_fork() {
  const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0));
  if (child == 0) _exit(0);
  return child > 0;
}
bool can_map_code() {
  constexpr std::size_t kSize = 4096;
  void* page =
      mmap(nullptr, kSize, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return false;
  munmap(page, kSize);
  return true;
}
bool can_make_code_of_data() {
  constexpr std::size_t kSize = 4096;
  void* page = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return true;  // not even data: the proof itself is broken
  const bool is_possible = mprotect(page, kSize, PROT_READ | PROT_EXEC) == 0;
  munmap(page, kSize);
  return is_possible;
}
bool can_listen() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return socket.is_open() && ::listen(socket.get(), 1) == 0;
}
bool can_make_socket(const Rights& rights) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET}) {
    if (family == AF_UNIX && rights.sends_unix_datagrams) continue;
    const int type = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    if (FileDescriptor(::socket(family, type, 0)).is_open()) return true;
  }
  return false;
}
bool can_make_unix_socket() {
  return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)).is_open();
}
bool can_trace() { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }
bool can_signal() { return kill(getppid(), 0) == 0; }
// Signals when a descriptor becomes ready: to whom, a process may otherwise choose.
bool can_signal_by_descriptor() {
  const FileDescriptor file(memfd_create("proof", MFD_CLOEXEC));
  return fcntl(file.get(), F_SETOWN, getppid()) == 0 || (errno != EPERM && errno != EACCES);
}
// A terminal's input is put there by it; asked of what is none, the kernel says so where it may
// ask.
bool can_control_devices() {
  const FileDescriptor file(memfd_create("proof", MFD_CLOEXEC));
  char byte = 0;
  return ioctl(file.get(), TIOCSTI, &byte) == 0 || errno != EPERM;
}
bool can_use_rings() {
  io_uring_params parameters{};
  return syscall(SYS_io_uring_setup, 1, &parameters) >= 0;
}
bool can_unshare() { return unshare(CLONE_NEWUSER) == 0; }
bool can_be_dumped() { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0; }
bool can_gain_rights() { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1; }

// Any port but those of the rights; refused before a packet is sent.
bool can_connect(const Rights& rights) {
  std::uint16_t port = 9;
  for (const std::uint16_t allowed : rights.connect_ports) {
    if (allowed == port) port = static_cast<std::uint16_t>(allowed + 1);
  }
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (!socket.is_open()) return false;
  return ::connect(socket.get(), generic, sizeof(address)) == 0 || errno != EACCES;
}

struct Denial {
  const char* what;
  bool (*possible)();
};

constexpr std::array kForAll = std::to_array<Denial>({
    {"open a file", can_open},
    {"list a folder", can_list},
    {"create a file", can_create},
    {"open its own memory", can_read_memory},
    {"execute a program", can_execute},
    {"execute a descriptor", can_execute_at},
    {"start a process", can_fork},
    {"map code", can_map_code},
    {"make code of data", can_make_code_of_data},
    {"listen", can_listen},
    {"make a Unix socket", can_make_unix_socket},
    {"trace", can_trace},
    {"signal its parent", can_signal},
    {"signal by a descriptor", can_signal_by_descriptor},
    {"control a device", can_control_devices},
    {"use io_uring", can_use_rings},
    {"make a namespace", can_unshare},
    {"be dumped", can_be_dumped},
    {"gain rights", can_gain_rights},
});

base::Result<void> leak(const char* what) {
  return base::fail(base::ErrorCode::internal, std::string("the sandbox leaks: can ") + what);
}

}  // namespace

base::Result<void> prove_confined(const Rights& rights) {
  for (const Denial& denial : kForAll) {
    // A resolver's role may read what it was given of /etc; the rest of the list holds for it too.
    if (denial.possible == can_open && !rights.readable.empty()) continue;
    if (denial.possible()) return leak(denial.what);
  }
  if (rights.connect_ports.empty() && can_make_socket(rights)) return leak("make a socket");
  if (!rights.connect_ports.empty() && landlock_limits_tcp() && can_connect(rights)) {
    return leak("connect anywhere");
  }
  return {};
}

}  // namespace sealift::server
