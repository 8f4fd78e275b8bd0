// Responder: a server of a test's own on a loopback port, which answers what the test says.
//
// One thread, one connection at a time; each request is read whole, head and body, and handed to
// the test's function, whose text goes back as it is. Plain, or TLS with a certificate.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/file_descriptor.h"
#include "client/http_settings.h"
#include "tls/session.h"

namespace sealift::client {

struct Answer {
  std::string text;  // the whole response, as it goes over the wire
  bool closes = false;
};

class Responder {
 public:
  using Handler = std::function<Answer(const std::string& request)>;

  explicit Responder(Handler handler, const tls::SelfMade* certificate = nullptr)
      : handler_(std::move(handler)) {
    if (certificate)
      context_.emplace(tls::Context::server(base::bytes_of(certificate->certificate_pem),
                                            base::bytes_of(certificate->private_key_pem))
                           .value());
    listener_ = base::FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    SEALIFT_CHECK(::bind(listener_.get(), generic, sizeof address) == 0);
    SEALIFT_CHECK(::listen(listener_.get(), 8) == 0);
    socklen_t size = sizeof address;
    SEALIFT_CHECK(::getsockname(listener_.get(), generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Responder() {
    stops_ = true;
    thread_.join();
  }

  std::string url() const {
    return (context_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
  }
  HttpSettings settings() const {
    return {.address = ServerAddress::parse(url()).value(),
            .idle_timeout_ms = std::chrono::seconds(5)};
  }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  int connections() const { return connections_; }

 private:
  struct Peer {
    base::FileDescriptor fd;
    std::optional<tls::Session> session;
    std::array<std::byte, 65536> input{};
    base::Bytes storage = base::Bytes(4 * (tls::kRecordSize + tls::kRecordOverhead));
    tls::Output output{storage};

    void flush() {
      while (!output.empty()) {
        const auto sent =
            ::send(fd.get(), output.pending().data(), output.pending().size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        output.consume(static_cast<std::size_t>(sent));
      }
    }
    bool take_in() {
      const auto got = ::recv(fd.get(), input.data(), input.size(), 0);
      if (got <= 0) return false;
      session->feed(base::ByteView(input).first(static_cast<std::size_t>(got)));
      return true;
    }
    bool shake_hands() {
      while (true) {
        const auto status = session->handshake(output);
        flush();
        if (status == tls::Session::Status::done) return true;
        if (status != tls::Session::Status::want_input || !take_in()) return false;
      }
    }
    // "" at the end.
    std::string read() {
      std::array<std::byte, 65536> plain;
      if (!session) {
        const auto got = ::recv(fd.get(), plain.data(), plain.size(), 0);
        return got <= 0 ? ""
                        : std::string(base::text_of(
                              base::ByteView(plain).first(static_cast<std::size_t>(got))));
      }
      while (true) {
        const auto moved = session->read(plain, output);
        flush();
        if (moved.size > 0)
          return std::string(base::text_of(base::ByteView(plain).first(moved.size)));
        if (moved.status != tls::Session::Status::want_input || !take_in()) return "";
      }
    }
    void write(base::ByteView bytes) {
      if (!session) {
        (void)::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return;
      }
      while (!bytes.empty()) {
        bytes = bytes.subspan(session->write(bytes, output).size);
        flush();
      }
    }
  };

  void serve() {
    while (!stops_) {
      pollfd wanted{listener_.get(), POLLIN, 0};
      if (::poll(&wanted, 1, 10) <= 0) continue;
      auto peer = std::make_unique<Peer>();
      peer->fd = base::FileDescriptor(::accept(listener_.get(), nullptr, nullptr));
      ++connections_;
      if (context_) {
        peer->session.emplace(tls::Session::accept(*context_).value());
        if (!peer->shake_hands()) continue;
      }
      while (!stops_ && answer_one(*peer)) {
      }
    }
  }

  // False at the end of the connection.
  bool answer_one(Peer& peer) {
    std::string request;
    while (!is_whole(request)) {
      pollfd wanted{peer.fd.get(), POLLIN, 0};
      if (!(peer.session && peer.session->has_unread()) && ::poll(&wanted, 1, 10) <= 0) {
        if (stops_) return false;
        continue;
      }
      const std::string more = peer.read();
      if (more.empty()) return false;
      request += more;
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const Answer answer = handler_(request);
    peer.write(base::bytes_of(answer.text));
    return !answer.closes;
  }

  static bool is_whole(const std::string& request) {
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const std::size_t at = request.find("Content-Length: ");
    // A body past a mebibyte is not waited for: the answer comes early.
    const std::size_t size =
        at < head ? std::min<std::size_t>(std::stoul(request.substr(at + 16)), 1 << 20) : 0;
    return request.size() >= head + 4 + size;
  }

  Handler handler_;
  std::optional<tls::Context> context_;
  base::FileDescriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stops_ = false;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

// A response with this body.
inline std::string response(const std::string& status, const std::string& body,
                            const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

}  // namespace sealift::client
