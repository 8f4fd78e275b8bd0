// A whole front: supervised, confined, over TLS on loopback, with curl as its client.
#include "server/front/process.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "server/sandbox/sanitizer.h"
#include "server/supervisor/supervisor.h"

namespace sealift::server::front {
namespace {

using base::FileDescriptor;

constexpr FrontRoute kRoutes[] = {
    {{http::Method::get, "/hello", 1}, Form::plain},
    {{http::Method::get, "/file", 2}, Form::plain},
    {{http::Method::patch, "/upload", 3}, Form::tus_append},
};
constexpr std::size_t kFileSize = 3'000'000;

FileDescriptor memory_file(std::string_view content) {
  FileDescriptor file(::memfd_create("content", MFD_CLOEXEC));
  EXPECT_TRUE(base::write_full(file.get(), base::bytes_of(content)));
  return file;
}

void answer(FrameChannel& front, const AskFrame& ask) {
  if (ask.operation == 1) {
    (void)front.send(ReplyFrame{ask.request, {}, base::copy_of(base::bytes_of("hello"))});
  } else if (ask.operation == 2) {
    SendFrame send{ask.request, {}, 0};
    send.head.content_size_bytes = kFileSize;
    (void)front.send(send, memory_file(std::string(kFileSize, 'f')));
  } else {
    (void)front.send(ReceiveFrame{ask.request, 0, kFileSize, std::nullopt}, memory_file(""));
  }
}

// A vault that says yes to all it understands.
int run_vault(const FileDescriptor& control) {
  std::vector<FrameChannel> fronts;
  while (true) {
    pollfd wait{control.get(), POLLIN, 0};
    ::poll(&wait, 1, 2);
    auto message = receive_control(control.get());
    if (!message) return 0;
    if (*message) fronts.emplace_back(std::move((*message)->descriptors[0]), Sender::front);
    for (FrameChannel& front : fronts) {
      auto frame = front.receive();
      if (!frame || !*frame) continue;
      if (const auto* ask = std::get_if<AskFrame>(&(*frame)->frame)) answer(front, *ask);
      if (const auto* received = std::get_if<ReceivedFrame>(&(*frame)->frame)) {
        ReplyFrame reply{received->request, {}, {}};
        reply.head.status = http::Status::no_content;
        reply.head.upload_offset = received->size_bytes;
        (void)front.send(reply);
      }
    }
  }
}

class FrontProcessTest : public testing::Test {
 protected:
  FrontProcessTest() : made_(tls::make_certificate("127.0.0.1", 2).value()) {
    std::string name = (std::filesystem::temp_directory_path() / "front-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ + "/certificate") << made_.certificate_pem;
    std::ofstream(folder_ + "/body") << std::string(kFileSize, 'u');
    listen();
    plan_.settings.host_names = {"127.0.0.1:" + std::to_string(port_)};
    plan_.routes = kRoutes;
    plan_.listeners = {{listener_.get(), http::Channel::tls}};
    roles_.vault = [](FileDescriptor control) { return run_vault(control); };
    roles_.front = [this](FileDescriptor vault, FileDescriptor control) {
      return run_front(plan_, std::move(vault), std::move(control));
    };
    roles_.open_certificate = [this] {
      std::vector<FileDescriptor> files;
      files.push_back(memory_file(made_.certificate_pem));
      files.push_back(memory_file(made_.private_key_pem));
      return files;
    };
    supervisor_ = ::fork();
    if (supervisor_ == 0) ::_exit(supervise(roles_, {}) ? 0 : 3);
  }
  ~FrontProcessTest() override { std::filesystem::remove_all(folder_); }

  void listen() {
    listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t size = sizeof(address);
    ASSERT_EQ(::bind(listener_.get(), generic, size), 0);
    ASSERT_EQ(::listen(listener_.get(), 100), 0);
    ASSERT_EQ(::getsockname(listener_.get(), generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  // What curl prints; it has to succeed.
  std::string curl(std::vector<std::string> words, const std::string& path) {
    const std::string out = folder_ + "/out";
    words.insert(words.begin(),
                 {"curl", "-sS", "--max-time", "60", "--retry", "20", "--retry-connrefused",
                  "--cacert", folder_ + "/certificate", "-o", out});
    words.push_back("https://127.0.0.1:" + std::to_string(port_) + path);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    EXPECT_EQ(::posix_spawnp(&pid, "curl", nullptr, nullptr, argv.data(), environ), 0);
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
    std::ifstream in(out, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  int stop() {
    ::kill(supervisor_, SIGTERM);
    int status = 0;
    ::waitpid(supervisor_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  tls::SelfMade made_;
  std::string folder_;
  FileDescriptor listener_;
  std::uint16_t port_ = 0;
  FrontPlan plan_;
  Roles roles_;
  pid_t supervisor_ = 0;
};

TEST_F(FrontProcessTest, ServesCurlWhileConfined) {
  if (kIsSanitized) {
    stop();
    GTEST_SKIP() << "the sanitizer needs calls that a role has no use for";
  }
  EXPECT_EQ(curl({}, "/hello"), "hello");
  EXPECT_EQ(curl({}, "/file"), std::string(kFileSize, 'f'));
  const std::string head = curl(
      {"-i", "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Offset: 0", "-H",
       "Content-Type: application/offset+octet-stream", "--data-binary", "@" + folder_ + "/body"},
      "/upload");
  EXPECT_THAT(head, testing::HasSubstr("Upload-Offset: 3000000"));
  EXPECT_THAT(curl({"-i", "-H", "Host: evil.example"}, "/hello"), testing::HasSubstr("421"));
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace sealift::server::front
