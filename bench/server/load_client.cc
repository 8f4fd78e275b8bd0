// One client for every server that is measured beside ours. Not shipped.
//
//   load_client get   PORT CERTIFICATE|- PATH CONNECTIONS
//     each fetches the whole of PATH
//   load_client put   PORT CERTIFICATE|- PATH CONNECTIONS BYTES
//     each sends BYTES to PATH, numbered
//   load_client patch PORT CERTIFICATE|- PATH 1 BYTES [FIELD]
//     BYTES to the tus upload at PATH in one request; FIELD: a header field more
//   load_client small PORT CERTIFICATE|- PATH CONNECTIONS REQUESTS [TOKEN]
//     keep-alive, one request at a time each; TOKEN: as whom
//   load_client idle  PORT CERTIFICATE|- PATH CONNECTIONS
//     one request each, then waits for input to end
//
// With a certificate the connections are TLS and trust it alone. Prints one line: seconds, bytes,
// requests.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"
#include "http/response_reader.h"
#include "tls/session.h"

namespace {

namespace base = sealift::base;
namespace tls = sealift::tls;
namespace http = sealift::http;

constexpr std::size_t kPieceSize = std::size_t{256} << 10;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "load_client: %s\n", what);
  std::_Exit(1);
}

struct Target {
  int port = 0;
  std::optional<tls::Context> context;
  std::string path;
};

// A blocking connection, TLS or plain.
class Wire {
 public:
  explicit Wire(const Target& target) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(target.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (::connect(socket_.get(), generic, sizeof(address)) != 0) die("connect");
    if (!target.context) return;
    session_ = tls::Session::connect(*target.context, "localhost").value();
    buffers();
    while (true) {
      const auto status = session_->handshake(*output_);
      flush();
      if (status == tls::Session::Status::done) break;
      if (status != tls::Session::Status::want_input || !feed()) die("handshake");
    }
  }

  void write(std::string_view text) {
    base::ByteView rest = base::bytes_of(text);
    if (!session_) {
      if (!base::write_full(socket_.get(), rest)) die("write");
      return;
    }
    buffers();
    while (!rest.empty()) {
      rest = rest.subspan(session_->write(rest, *output_).size);
      flush();
    }
  }
  // At least one byte; 0 at the end.
  std::size_t read(base::MutableByteView into) {
    if (!session_) {
      const ssize_t size = ::recv(socket_.get(), into.data(), into.size(), 0);
      return size > 0 ? static_cast<std::size_t>(size) : 0;
    }
    buffers();
    while (true) {
      const auto moved = session_->read(into, *output_);
      if (moved.size > 0) return moved.size;
      if (moved.status != tls::Session::Status::want_input || !feed()) return 0;
    }
  }
  int fd() const { return socket_.get(); }
  // An idle connection needs no memory of ours.
  void drop_buffers() {
    if (session_) session_->park();
    cipher_ = {};
    storage_ = {};
    output_.reset();
  }

 private:
  void buffers() {
    if (output_) return;
    cipher_.resize(kPieceSize);
    storage_.resize(kPieceSize + 8192);
    output_.emplace(storage_);
  }
  void flush() {
    if (!base::write_full(socket_.get(), output_->pending())) die("write");
    output_->consume(output_->pending().size());
  }
  bool feed() {
    const ssize_t size = ::recv(socket_.get(), cipher_.data(), cipher_.size(), 0);
    if (size > 0) session_->feed(base::ByteView(cipher_).first(static_cast<std::size_t>(size)));
    return size > 0;
  }

  base::FileDescriptor socket_;
  std::optional<tls::Session> session_;
  base::Bytes cipher_;
  base::Bytes storage_;
  std::optional<tls::Output> output_;
};

std::string request(std::string_view method, const std::string& path,
                    const std::string& fields = "") {
  return std::string(method) + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

struct Response {
  unsigned status = 0;
  std::uint64_t size_bytes = 0;  // head and body
};

// Reads one response; its body is counted and dropped.
Response read_response(Wire& wire, base::MutableByteView buffer) {
  std::size_t have = 0;
  while (true) {
    const std::size_t size = wire.read(buffer.subspan(have));
    if (size == 0) die("the connection ended before a response");
    have += size;
    const auto outcome =
        http::parse_response_head(base::text_of(buffer.first(have)), http::Method::get);
    if (std::holds_alternative<http::Refusal>(outcome)) die("malformed response");
    const auto* head = std::get_if<http::ReadResponse>(&outcome);
    if (!head) continue;
    const Response response{head->status, head->size_bytes + head->body_size_bytes};
    std::uint64_t left = response.size_bytes - have;
    while (left > 0) {
      const std::size_t more = wire.read(
          buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()))));
      if (more == 0) die("the connection ended within a body");
      left -= more;
    }
    return response;
  }
}

std::uint64_t get_one(const Target& target) {
  Wire wire(target);
  base::Bytes buffer(kPieceSize);
  wire.write(request("GET", target.path));
  const Response response = read_response(wire, buffer);
  if (response.status != 200) die("GET failed");
  return response.size_bytes;
}

// SIZE bytes as the body of one request.
std::uint64_t send_body(const Target& target, std::string_view method, const std::string& path,
                        const std::string& fields, std::uint64_t size) {
  Wire wire(target);
  base::Bytes buffer(kPieceSize);
  std::string piece(kPieceSize, 'p');
  for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<char>(i * 131);
  wire.write(request(method, path, fields + "Content-Length: " + std::to_string(size) + "\r\n"));
  for (std::uint64_t left = size; left > 0;) {
    const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    wire.write(std::string_view(piece).substr(0, part));
    left -= part;
  }
  const Response response = read_response(wire, buffer);
  if (response.status / 100 != 2) die("the upload failed");
  return size;
}

std::uint64_t put_one(const Target& target, int number, std::uint64_t size) {
  return send_body(target, "PUT", target.path + std::to_string(number), "", size);
}

std::uint64_t patch_one(const Target& target, std::uint64_t size, const std::string& field) {
  return send_body(target, "PATCH", target.path,
                   "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                   "Content-Type: application/offset+octet-stream\r\n" +
                       (field.empty() ? field : field + "\r\n"),
                   size);
}

// One thread, all connections: what is asked is answered before more is asked of that connection.
std::uint64_t small(const Target& target, int connections, std::uint64_t requests,
                    const std::string& fields) {
  const base::FileDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Wire> wires;
  std::vector<std::uint64_t> left(static_cast<std::size_t>(connections));
  base::Bytes buffer(kPieceSize);
  const std::string text = request("GET", target.path, fields);
  std::uint64_t size = 0;
  for (int i = 0; i < connections; ++i) {
    wires.emplace_back(target);
    wires.back().write(text);
    const Response response = read_response(wires.back(), buffer);
    if (response.status != 200) die("GET failed");
    size = response.size_bytes;
  }
  for (std::size_t i = 0; i < wires.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wires[i].fd(), &event);
    wires[i].write(text);
    left[i] = size;
  }
  std::array<epoll_event, 256> events;
  for (std::uint64_t done = 0; done < requests;) {
    const int count = ::epoll_wait(epoll.get(), events.data(), 256, 1000);
    if (count <= 0) die("stalled");
    for (int e = 0; e < count; ++e) {
      const std::size_t i = events[static_cast<std::size_t>(e)].data.u64;
      const std::size_t got = wires[i].read(buffer);
      if (got == 0 || got > left[i]) die("unexpected response");
      left[i] -= got;
      if (left[i] > 0) continue;
      ++done;
      left[i] = size;
      wires[i].write(text);
    }
  }
  return requests;
}

void idle(const Target& target, int connections) {
  std::vector<Wire> wires;
  base::Bytes buffer(kPieceSize);
  for (int i = 0; i < connections; ++i) {
    wires.emplace_back(target);
    wires.back().write(request("GET", target.path));
    if (read_response(wires.back(), buffer).status != 200) die("GET failed");
    wires.back().drop_buffers();
  }
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

template <typename Work>
std::uint64_t on_threads(int count, Work work) {
  std::atomic<std::uint64_t> total{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&, i] { total += work(i); });
  for (std::thread& thread : threads) thread.join();
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) die("usage: see the first lines of load_client.cc");
  const std::string mode = argv[1];
  const std::string certificate = argv[3];
  Target target{std::atoi(argv[2]), std::nullopt, argv[4]};
  const int connections = std::atoi(argv[5]);
  const std::uint64_t amount = argc > 6 ? std::strtoull(argv[6], nullptr, 10) : 0;
  if (certificate != "-") {
    std::ifstream in(certificate, std::ios::binary);
    const std::string pem((std::istreambuf_iterator<char>(in)), {});
    target.context = tls::Context::client_trusting(base::bytes_of(pem)).value();
  }
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t total = 0;
  if (mode == "get") total = on_threads(connections, [&](int) { return get_one(target); });
  if (mode == "put")
    total = on_threads(connections, [&](int i) { return put_one(target, i, amount); });
  const std::string last = argc > 7 ? argv[7] : "";
  const std::string login = last.empty() ? "" : "Authorization: Bearer " + last + "\r\n";
  if (mode == "patch") total = patch_one(target, amount, last);
  if (mode == "small") total = small(target, connections, amount, login);
  if (mode == "idle") idle(target, connections);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.6f %llu\n", took.count(), static_cast<unsigned long long>(total));
  return 0;
}
