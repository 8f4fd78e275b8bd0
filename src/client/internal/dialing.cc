#include "client/internal/dialing.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/refusal.h"
#include "client/proxy.h"
#include "http/field.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using Milliseconds = std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kProxyHeadSizeMax = 8192;
constexpr std::size_t kFactSizeMax = 60;

// "proxy.example.org:3128" and the variable that named it, with what else the row tells.
tl::unexpected<base::Error> refuse_proxy(std::string_view reason, const Proxy& proxy,
                                         std::vector<base::Fact> facts = {}) {
  const bool is_address = proxy.host.find(':') != proxy.host.npos;
  const std::string host = proxy.host.size() > kFactSizeMax ? "the-proxy"
                           : is_address                     ? "[" + proxy.host + "]"
                                                            : proxy.host;
  facts.emplace_back("proxy", host + ":" + std::to_string(proxy.port));
  facts.emplace_back("variable", proxy.variable);
  return base::refuse(reason, facts);
}

enum class Dialed : std::uint8_t { connected, refused, silent, unknown };
struct Attempt {
  Dialed end = Dialed::refused;
  FileDescriptor fd{};
};

// What is left until then; never less than nothing.
Milliseconds left(Clock::time_point until) {
  return std::max(Milliseconds(0), std::chrono::duration_cast<Milliseconds>(until - Clock::now()));
}

Result<Attempt> connect_to(const sockaddr* to, socklen_t size, Milliseconds timeout) {
  FileDescriptor fd(::socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) return tl::unexpected(base::error_of_errno(errno, "socket"));
  if (::connect(fd.get(), to, size) == 0) return Attempt{Dialed::connected, std::move(fd)};
  if (errno != EINPROGRESS) return Attempt{};
  SEALIFT_TRY(const bool ready, wait_for(fd.get(), POLLOUT, timeout));
  if (!ready) return Attempt{Dialed::silent};
  int error = 0;
  socklen_t error_size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &error_size);
  if (error != 0) return Attempt{};
  return Attempt{Dialed::connected, std::move(fd)};
}

Result<Attempt> connect_unix(const std::string& path, Milliseconds timeout) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof to.sun_path) return base::fail(ErrorCode::malformed, "socket's path");
  std::ranges::copy(path, static_cast<char*>(to.sun_path));
  return connect_to(static_cast<const sockaddr*>(static_cast<const void*>(&to)), sizeof to,
                    timeout);
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<Attempt> connect_network(const std::string& host, std::uint16_t port, Milliseconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  // "localhost" is never looked up: what answers to that name must be this machine.
  const bool is_local = host == "localhost";
  hints.ai_flags = AI_NUMERICSERV | (is_local ? AI_NUMERICHOST : 0);
  addrinfo* found = nullptr;
  const std::string wanted = is_local ? "127.0.0.1" : host;
  if (::getaddrinfo(wanted.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return Attempt{Dialed::unknown};
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  Attempt last{Dialed::unknown};
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    SEALIFT_TRY(last, connect_to(each->ai_addr, each->ai_addrlen, timeout));
    if (last.end != Dialed::connected) continue;
    const int yes = 1;
    ::setsockopt(last.fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    break;
  }
  return last;
}

Result<void> send_all(int fd, const Proxy& proxy, std::string_view text, Clock::time_point until) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return refuse_proxy("proxy_broken", proxy);
    SEALIFT_TRY(const bool ready, wait_for(fd, POLLOUT, left(until)));
    if (!ready) return refuse_proxy("proxy_broken", proxy);
  }
  return {};
}

// The head of the proxy's answer, and not a byte of what comes behind it.
Result<std::string> read_head(int fd, const Proxy& proxy, const HttpSettings& settings,
                              Clock::time_point until) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    if (head.size() == kProxyHeadSizeMax) return refuse_proxy("proxy_broken", proxy);
    char c = 0;
    const ssize_t got = ::recv(fd, &c, 1, 0);
    if (got == 1) {
      head += c;
      continue;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) return refuse_proxy("proxy_broken", proxy);
    SEALIFT_TRY(const bool ready, wait_for(fd, POLLIN, left(until)));
    if (ready) continue;
    return refuse_proxy(
        "proxy_silent", proxy,
        {{"waited_ms", static_cast<std::uint64_t>(settings.answer_timeout_ms.count())}});
  }
  return head;
}

// Asks the proxy for the server. What it says instead is its own word, not the server's.
Result<void> ask_proxy(int fd, const Proxy& proxy, const HttpSettings& settings) {
  const ServerAddress& address = settings.address;
  const std::string& host = address.host();
  const std::string target = (host.find(':') == host.npos ? host : "[" + host + "]") + ":" +
                             std::to_string(address.port());
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.credential.empty())
    request += "Proxy-Authorization: Basic " + proxy.credential + "\r\n";
  const Clock::time_point until = Clock::now() + settings.answer_timeout_ms;
  SEALIFT_TRY_VOID(send_all(fd, proxy, request + "\r\n", until));
  SEALIFT_TRY(const std::string head, read_head(fd, proxy, settings, until));
  constexpr std::size_t kStatusAt = 9;
  const auto status = head.starts_with("HTTP/1.") && head.size() > kStatusAt + 3
                          ? http::parse_decimal(head.substr(kStatusAt, 3), 999)
                          : std::nullopt;
  if (!status) return refuse_proxy("proxy_broken", proxy);
  constexpr unsigned kWantsLogin = 407;
  if (*status == kWantsLogin) return refuse_proxy("proxy_login", proxy);
  if (*status < 200 || *status > 299)
    return refuse_proxy("proxy_refused", proxy, {{"status", *status}});
  return {};
}

Result<FileDescriptor> dial_proxy(const Proxy& proxy, const HttpSettings& settings) {
  SEALIFT_TRY(Attempt attempt,
              connect_network(proxy.host, proxy.port, settings.connect_timeout_ms));
  if (attempt.end != Dialed::connected) return refuse_proxy("proxy_unreachable", proxy);
  SEALIFT_TRY_VOID(ask_proxy(attempt.fd.get(), proxy, settings));
  return std::move(attempt.fd);
}

}  // namespace

Result<bool> wait_for(int fd, short events, Milliseconds timeout) {
  pollfd wanted{fd, events, 0};
  const Clock::time_point until = Clock::now() + timeout;
  while (true) {
    const int ready = ::poll(&wanted, 1, static_cast<int>(left(until).count()));
    if (ready >= 0) return ready > 0;
    if (errno != EINTR)
      return tl::unexpected(base::error_of_errno(errno, "waiting for the server"));
  }
}

std::string host_word(const ServerAddress& address) {
  const std::string& host = address.host();
  const bool is_word = host.size() <= kFactSizeMax && host.find(':') == host.npos;
  return is_word ? host : "the-server";
}

tl::unexpected<base::Error> silent(std::string_view reason, const ServerAddress& address,
                                   Milliseconds waited) {
  return base::refuse(reason, {{"host", host_word(address)},
                               {"waited_ms", static_cast<std::uint64_t>(waited.count())}});
}

Result<FileDescriptor> dial(const HttpSettings& settings) {
  const ServerAddress& address = settings.address;
  SEALIFT_TRY(const auto proxy, proxy_for(address, settings.proxy));
  if (proxy) return dial_proxy(*proxy, settings);
  SEALIFT_TRY(Attempt attempt,
              address.channel() == Channel::unix_socket
                  ? connect_unix(address.socket_path(), settings.connect_timeout_ms)
                  : connect_network(address.host(), address.port(), settings.connect_timeout_ms));
  switch (attempt.end) {
    case Dialed::connected:
      break;
    case Dialed::silent:
      return silent("server_no_connection", address, settings.connect_timeout_ms);
    case Dialed::unknown:
      return base::refuse("server_unknown", {{"host", host_word(address)}});
    case Dialed::refused:
      return base::refuse("server_unreachable",
                          {{"host", host_word(address)}, {"port", std::uint64_t{address.port()}}});
  }
  return std::move(attempt.fd);
}

}  // namespace sealift::client
