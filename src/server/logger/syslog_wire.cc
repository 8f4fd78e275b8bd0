// The connections of SyslogSender: datagrams, a stream, and a stream inside TLS.
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "base/regular_file.h"
#include "server/logger/syslog_message.h"
#include "server/logger/syslog_sender.h"
#include "tls/session.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr std::string_view kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";
constexpr int kTimeoutMs = 5'000;
constexpr std::size_t kDatagramSizeMax = 2048;  // RFC 5426, section 3.2

tl::unexpected<base::Error> failed(std::string_view what) {
  return base::fail(ErrorCode::io, std::string(what));
}

// What ends every wait, from another thread and for good.
class Interrupt {
 public:
  Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  void raise() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof(one));
  }
  // False after kTimeoutMs, or once it is raised.
  bool is_ready(int fd, short events) const {
    std::array<pollfd, 2> waits = {pollfd{fd, events, 0}, pollfd{event_.get(), POLLIN, 0}};
    return ::poll(waits.data(), waits.size(), kTimeoutMs) > 0 && waits[1].revents == 0 &&
           (waits[0].revents & events) != 0;
  }

 private:
  FileDescriptor event_;
};

Result<FileDescriptor> connect_one(const addrinfo& address, const Interrupt& interrupt) {
  FileDescriptor socket(::socket(
      address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
  if (!socket.is_open()) return tl::unexpected(base::error_of_errno(errno, "syslog"));
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return tl::unexpected(base::error_of_errno(errno, "syslog"));
  if (!interrupt.is_ready(socket.get(), POLLOUT)) {
    return failed("the syslog server doesn't answer");
  }
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return tl::unexpected(base::error_of_errno(error, "syslog"));
  return socket;
}

// The first address of the name that can be reached.
Result<FileDescriptor> connect_to(const std::string& host, std::uint16_t port, int type,
                                  const Interrupt& interrupt) {
  addrinfo hints{};
  hints.ai_socktype = type;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return failed("the syslog server's name has no address");
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, ::freeaddrinfo);
  Result<FileDescriptor> socket = failed("the syslog server's name has no address");
  for (const addrinfo* each = found; each != nullptr && !socket; each = each->ai_next) {
    socket = connect_one(*each, interrupt);
  }
  return socket;
}

class Datagrams final : public SyslogWire {
 public:
  explicit Datagrams(const SyslogPlan& plan) : plan_(plan) {}

  Result<void> connect() override {
    if (plan_.way == SyslogWay::udp) {
      SEALIFT_TRY(socket_, connect_to(plan_.host, plan_.port, SOCK_DGRAM, interrupt_));
      return {};
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, plan_.path.data(), plan_.path.size());
    socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    if (!socket_.is_open() || ::connect(socket_.get(), generic, sizeof(address)) != 0) {
      return tl::unexpected(base::error_of_errno(errno, "syslog"));
    }
    return {};
  }

  Result<void> send(std::string_view message) override {
    message = message.substr(0, kDatagramSizeMax);
    while (true) {
      if (!interrupt_.is_ready(socket_.get(), POLLOUT))
        return failed("the syslog server takes nothing");
      const ssize_t sent = ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
      if (sent == static_cast<ssize_t>(message.size())) return {};
      if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
        return tl::unexpected(base::error_of_errno(errno, "syslog"));
      }
    }
  }

  void close() override { socket_.reset(); }
  void abandon() override { interrupt_.raise(); }

 private:
  const SyslogPlan plan_;
  const Interrupt interrupt_;
  FileDescriptor socket_;
};

// With a context, inside TLS.
class Stream final : public SyslogWire {
 public:
  Stream(const SyslogPlan& plan, std::optional<tls::Context> context)
      : plan_(plan), context_(std::move(context)) {}

  Result<void> connect() override {
    SEALIFT_TRY(socket_, connect_to(plan_.host, plan_.port, SOCK_STREAM, interrupt_));
    output_ = tls::Output(storage_);
    session_.reset();
    if (!context_) return {};
    SEALIFT_TRY(session_, tls::Session::connect(*context_, plan_.host));
    while (true) {
      const auto status = session_->handshake(output_);
      SEALIFT_TRY_VOID(flush());
      if (status == tls::Session::Status::done) return {};
      if (status == tls::Session::Status::want_room) continue;
      if (status != tls::Session::Status::want_input)
        return failed("the syslog server didn't prove its name");
      if (!interrupt_.is_ready(socket_.get(), POLLIN))
        return failed("the syslog server doesn't answer");
      SEALIFT_TRY_VOID(receive());
    }
  }

  Result<void> send(std::string_view message) override {
    SEALIFT_TRY_VOID(refuse_if_closed());
    const std::string framed = octet_counted(message);
    base::ByteView rest = base::bytes_of(framed);
    while (!rest.empty()) {
      if (!session_) {
        rest = rest.subspan(output_.append(rest));
      } else {
        const auto moved = session_->write(rest, output_);
        if (moved.status == tls::Session::Status::failed) return failed("TLS to the syslog server");
        rest = rest.subspan(moved.size);
      }
      SEALIFT_TRY_VOID(flush());
    }
    return {};
  }

  void abandon() override { interrupt_.raise(); }

  // What was sent arrives: our end is closed first, and theirs is waited for.
  void close() override {
    if (!socket_.is_open()) return;
    if (session_) {
      session_->close(output_);
      (void)flush();
    }
    ::shutdown(socket_.get(), SHUT_WR);
    std::array<std::byte, 4096> nothing{};
    while (interrupt_.is_ready(socket_.get(), POLLIN) &&
           ::recv(socket_.get(), nothing.data(), nothing.size(), 0) > 0) {
    }
    session_.reset();
    socket_.reset();
  }

 private:
  Result<void> flush() {
    while (!output_.empty()) {
      if (!interrupt_.is_ready(socket_.get(), POLLOUT))
        return failed("the syslog server takes nothing");
      const base::ByteView bytes = output_.pending();
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (sent < 0) return tl::unexpected(base::error_of_errno(errno, "syslog"));
      output_.consume(static_cast<std::size_t>(sent));
    }
    return {};
  }

  // Errors: io (the server has closed).
  Result<void> receive() {
    const ssize_t got = ::recv(socket_.get(), input_.data(), input_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (got <= 0) return failed("the syslog server has closed the connection");
    if (!session_) return {};
    session_->feed(base::ByteView(input_).first(static_cast<std::size_t>(got)));
    return {};
  }

  // A server sends nothing but TLS's own messages; what was written to a closed stream is lost.
  Result<void> refuse_if_closed() {
    pollfd in{socket_.get(), POLLIN, 0};
    while (::poll(&in, 1, 0) == 1) {
      SEALIFT_TRY_VOID(receive());
      if (!session_) continue;
      std::array<std::byte, 256> unused{};
      auto moved = session_->read(unused, output_);
      while (moved.status == tls::Session::Status::done) moved = session_->read(unused, output_);
      if (moved.status != tls::Session::Status::want_input)
        return failed("the syslog server has closed the connection");
    }
    return {};
  }

  const SyslogPlan plan_;
  const std::optional<tls::Context> context_;
  const Interrupt interrupt_;
  FileDescriptor socket_;
  std::optional<tls::Session> session_;
  base::Bytes storage_ = base::Bytes(2 * (tls::kRecordSize + tls::kRecordOverhead));
  base::Bytes input_ = base::Bytes(tls::kRecordSize);
  tls::Output output_;
};

Result<base::Bytes> read_certificates(const std::string& path) {
  SEALIFT_TRY(const FileDescriptor file,
              base::open_regular(path, base::Links::followed, "syslog certificates " + path));
  base::Bytes bytes(limits::kPemSizeMax + 1);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  if (size > limits::kPemSizeMax) return base::fail(ErrorCode::limit, "syslog certificates");
  bytes.resize(size);
  return bytes;
}

}  // namespace

Result<std::unique_ptr<SyslogWire>> make_syslog_wire(const SyslogPlan& plan) {
  // Loads what the resolver needs.
  if (plan.way != SyslogWay::unix_socket) (void)connect_to("localhost", plan.port, SOCK_DGRAM, {});
  if (plan.way == SyslogWay::unix_socket || plan.way == SyslogWay::udp) {
    return std::unique_ptr<SyslogWire>(std::make_unique<Datagrams>(plan));
  }
  std::optional<tls::Context> context;
  if (plan.way == SyslogWay::tls) {
    SEALIFT_TRY(const base::Bytes certificates,
                read_certificates(plan.certificates_path.empty() ? std::string(kSystemCertificates)
                                                                 : plan.certificates_path));
    SEALIFT_TRY(context, tls::Context::client_trusting(certificates));
  }
  return std::unique_ptr<SyslogWire>(std::make_unique<Stream>(plan, std::move(context)));
}

}  // namespace sealift::server
