#include "server/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sealift::server {
namespace {

using base::FileDescriptor;
using base::Result;

constexpr int kBacklog = 4096;

union SocketAddress {
  sockaddr generic;
  sockaddr_in ip4;
  sockaddr_in6 ip6;
  sockaddr_un local;
};

socklen_t fill(const ListenAddress& address, SocketAddress& out) {
  if (!address.unix_path.empty()) {
    out.local.sun_family = AF_UNIX;
    std::memcpy(out.local.sun_path, address.unix_path.data(), address.unix_path.size());
    return sizeof(out.local);
  }
  if (::inet_pton(AF_INET, address.host.c_str(), &out.ip4.sin_addr) == 1) {
    out.ip4.sin_family = AF_INET;
    out.ip4.sin_port = htons(address.port);
    return sizeof(out.ip4);
  }
  ::inet_pton(AF_INET6, address.host.c_str(), &out.ip6.sin6_addr);
  out.ip6.sin6_family = AF_INET6;
  out.ip6.sin6_port = htons(address.port);
  return sizeof(out.ip6);
}

std::string_view next_step(int number) {
  switch (number) {
    case EADDRINUSE:
      return "another program listens there already: stop it (`ss -lp` names it), or listen "
             "at another address";
    case EACCES:
      return "this account may not: ports below 1024 need CAP_NET_BIND_SERVICE, a socket a folder "
             "that it may write to";
    case EADDRNOTAVAIL:
      return "this machine doesn't have that address (`ip address` lists those it has)";
    case ENOENT:
      return "the socket's folder doesn't exist: make it first";
    default:
      return "";
  }
}

tl::unexpected<base::Error> failed(int number, const ListenAddress& address) {
  const std::string what = "can't listen at " + address.text();
  const std::string_view next = next_step(number);
  base::Error error = base::error_of_errno(number, what);
  if (number == EADDRINUSE) error.code = base::ErrorCode::conflict;
  if (!next.empty()) error.text = what + ": " + std::string(next);
  return tl::unexpected(std::move(error));
}

// A socket file that a server left behind; one that somebody listens on stays.
void remove_stale(const SocketAddress& address, socklen_t size) {
  struct stat status {};
  if (::lstat(address.local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(probe.get(), &address.generic, size) != 0 && errno == ECONNREFUSED) {
    ::unlink(address.local.sun_path);
  }
}

// Before listen(): until then every connection is refused.
Result<void> set_file(const std::string& path, const SocketFile& file) {
  uid_t user = static_cast<uid_t>(-1);  // unchanged
  gid_t group = static_cast<gid_t>(-1);
  if (!file.user.empty()) {
    const passwd* const found = ::getpwnam(file.user.c_str());
    if (found == nullptr) {
      return base::fail(base::ErrorCode::usage,
                        "socket_owner: this machine has no user " + file.user);
    }
    user = found->pw_uid;
  }
  if (!file.group.empty()) {
    const struct group* const found = ::getgrnam(file.group.c_str());
    if (found == nullptr) {
      return base::fail(base::ErrorCode::usage,
                        "socket_owner: this machine has no group " + file.group);
    }
    group = found->gr_gid;
  }
  const bool has_owner = !file.user.empty() || !file.group.empty();
  if (!has_owner && !file.mode) return {};
  // By a descriptor: who can write to its folder may put another file in the socket's place.
  const FileDescriptor made(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!made.is_open() || ::fstat(made.get(), &status) != 0 || !S_ISSOCK(status.st_mode) ||
      status.st_uid != ::geteuid()) {
    return base::fail(base::ErrorCode::conflict, "another file took the socket's place: " + path +
                                                     "; keep its folder from other accounts");
  }
  if (has_owner && ::fchownat(made.get(), "", user, group, AT_EMPTY_PATH) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "socket_owner"));
  }
  const std::string by_descriptor = "/proc/self/fd/" + std::to_string(made.get());
  if (file.mode && ::chmod(by_descriptor.c_str(), *file.mode) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "socket_mode"));
  }
  return {};
}

}  // namespace

Result<Listener> open_listener(const ListenAddress& address, const SocketFile& file) {
  SocketAddress where{};
  const socklen_t size = fill(address, where);
  const int family = where.generic.sa_family;
  Listener made{FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
                address.port};
  if (!made.socket.is_open()) return failed(errno, address);
  const int on = 1;
  if (family == AF_UNIX) {
    remove_stale(where, size);
  } else {
    ::setsockopt(made.socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    ::setsockopt(made.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  if (family == AF_INET6) {
    ::setsockopt(made.socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  }
  if (::bind(made.socket.get(), &where.generic, size) != 0) return failed(errno, address);
  if (family == AF_UNIX) SEALIFT_TRY_VOID(set_file(address.unix_path, file));
  if (::listen(made.socket.get(), kBacklog) != 0) return failed(errno, address);
  if (family == AF_UNIX) return made;
  SocketAddress bound{};
  socklen_t bound_size = sizeof(bound);
  if (::getsockname(made.socket.get(), &bound.generic, &bound_size) != 0)
    return failed(errno, address);
  made.port = ntohs(family == AF_INET ? bound.ip4.sin_port : bound.ip6.sin6_port);
  return made;
}

}  // namespace sealift::server
