// The connection engine around one file to download and one place for uploads: what `make
// bench-server` measures. Not shipped.
//
//   bench_server PORT TLS_PORT CERTIFICATE KEY FILE UPLOAD_FOLDER PROCESSES
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "base/clock.h"
#include "server/front/engine.h"

namespace {

using sealift::base::FileDescriptor;
using namespace sealift::server::front;  // NOLINT: a program of one file
namespace http = sealift::http;

struct Arguments {
  int port = 0;
  int tls_port = 0;
  std::string certificate;
  std::string key;
  std::string file;
  std::string folder;
  int processes = 1;
};

class OneFile final : public Application {
 public:
  explicit OneFile(const Arguments& arguments)
      : file_(::open(arguments.file.c_str(), O_RDONLY | O_CLOEXEC)),
        folder_(::open(arguments.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    struct stat status {};
    ::fstat(file_.get(), &status);
    file_size_ = static_cast<std::uint64_t>(status.st_size);
    small_.head.media_type = http::MediaType::octet_stream;
    small_.body.resize(1024, std::byte{'x'});
  }

  void on_request(RequestId id, const http::RequestHead& head, const Peer&) override {
    if (head.method == http::Method::put) {
      engine->answer(id, receive(id));
      return;
    }
    if (head.path == "/small") {
      engine->answer(id, small_);
      return;
    }
    SendFile answer;
    answer.head.media_type = http::MediaType::octet_stream;
    answer.head.content_size_bytes = file_size_;
    answer.file = FileDescriptor(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
    engine->answer(id, std::move(answer));
  }
  void on_body(RequestId, sealift::base::ByteView) override {}
  void on_received(RequestId id, const Received& received) override {
    Reply reply;
    const bool is_whole = received.end == Received::End::complete;
    reply.head.status = is_whole ? http::Status::created : http::Status::insufficient_storage;
    engine->answer(id, std::move(reply));
  }
  void on_gone(RequestId) override {}

  Engine* engine = nullptr;

 private:
  // The name is durable before the first byte arrives, the bytes before the answer is sent.
  ReceiveBody receive(RequestId id) const {
    const std::string name =
        "upload-" + std::to_string(::getpid()) + "-" + std::to_string(id.value);
    FileDescriptor file(
        ::openat(folder_.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    ::fsync(folder_.get());
    return {std::move(file), 0, std::uint64_t{1} << 50, std::nullopt};
  }

  FileDescriptor file_;
  FileDescriptor folder_;
  std::uint64_t file_size_ = 0;
  Reply small_;
};

FileDescriptor listen_on(int port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (::bind(socket.get(), generic, sizeof(address)) != 0 || ::listen(socket.get(), 4096) != 0) {
    std::perror("listen");
    std::exit(1);
  }
  return socket;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

[[noreturn]] void serve(const Arguments& arguments, int plain, int tls) {
  const sealift::base::SystemClock clock;
  OneFile application(arguments);
  Settings settings;
  settings.host_names = {"localhost"};
  settings.connections_per_client_max = settings.connections_max;
  settings.idle_timeout = std::chrono::minutes(10);
  auto engine = Engine::create(settings, application, clock).value();
  application.engine = engine.get();
  const std::string certificate = text_of(arguments.certificate);
  const std::string key = text_of(arguments.key);
  engine->set_certificate(sealift::tls::Context::server(sealift::base::bytes_of(certificate),
                                                        sealift::base::bytes_of(key))
                              .value());
  if (!engine->listen(FileDescriptor(plain), http::Channel::plain)) std::_Exit(1);
  if (!engine->listen(FileDescriptor(tls), http::Channel::tls)) std::_Exit(1);
  while (true) engine->run_once(std::chrono::seconds(1));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("usage: bench_server PORT TLS_PORT CERTIFICATE KEY FILE FOLDER PROCESSES\n", stderr);
    return 2;
  }
  const Arguments arguments{
      std::stoi(argv[1]), std::stoi(argv[2]), argv[3], argv[4], argv[5], argv[6],
      std::stoi(argv[7])};
  std::signal(SIGPIPE, SIG_IGN);
  FileDescriptor plain = listen_on(arguments.port);
  FileDescriptor tls = listen_on(arguments.tls_port);
  for (int i = 0; i < arguments.processes; ++i) {
    if (::fork() == 0) serve(arguments, plain.release(), tls.release());
  }
  while (::wait(nullptr) > 0) {
  }
  return 1;
}
