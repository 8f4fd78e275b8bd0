// Each case runs in a process of its own: confinement can't be taken back.
#include "server/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/file_descriptor.h"
#include "server/sandbox/landlock.h"
#include "server/sandbox/sanitizer.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;

// The exit status of `work` in a child: 0 when it gave true.
int in_child(const std::function<bool()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

class SandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    // A sanitizer's own system calls are not in the role's list.
    if (kIsSanitized) GTEST_SKIP() << "the sanitizer needs calls that a role has no use for";
    std::string name = (std::filesystem::temp_directory_path() / "sandbox-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  std::string folder_;
};

TEST_F(SandboxTest, AProcessWithoutItIsNotConfined) {
  EXPECT_EQ(in_child([] { return !prove_confined({}).has_value(); }), 0);
}

TEST_F(SandboxTest, EveryRoleProvesItsDenials) {
  Rights front;
  front.accepts = true;
  Rights vault;
  vault.folders = {folder_};
  Rights mailer;
  mailer.readable = {"/etc"};
  mailer.connect_ports = {25};
  Rights logger;
  logger.folders = {folder_};
  logger.sends_unix_datagrams = true;
  for (const Rights& rights : {front, vault, mailer, logger, Rights{}}) {
    EXPECT_EQ(in_child([&] { return confine(rights) && prove_confined(rights); }), 0);
  }
}

TEST_F(SandboxTest, AFrontStillServes) {
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic, &size), 0);
  const FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), generic, size), 0);
  EXPECT_EQ(
      in_child([&] {
        Rights rights;
        rights.accepts = true;
        if (!confine(rights)) return false;
        const FileDescriptor accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        return ::send(accepted.get(), "hello", 5, 0) == 5;
      }),
      0);
  std::array<char, 5> got{};
  EXPECT_EQ(::recv(client.get(), got.data(), got.size(), MSG_WAITALL), 5);
}

TEST_F(SandboxTest, AConfinedRoleHasThreadsAndMemory) {
  EXPECT_EQ(
      in_child([] {
        if (!confine({})) return false;
        int answer = 0;
        std::thread thread([&] { answer = static_cast<int>(std::string(1 << 20, 'x').size()); });
        thread.join();
        return answer == 1 << 20;
      }),
      0);
}

TEST_F(SandboxTest, AVaultWritesInItsFolderAndNowhereElse) {
  const std::string beside = folder_ + "-beside";
  EXPECT_EQ(
      in_child([&] {
        Rights rights;
        rights.folders = {folder_};
        if (!confine(rights)) return false;
        const FileDescriptor inside(
            ::open((folder_ + "/blob").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        const bool is_written =
            ::write(inside.get(), "x", 1) == 1 && ::fdatasync(inside.get()) == 0;
        const bool is_renamed =
            ::rename((folder_ + "/blob").c_str(), (folder_ + "/b2").c_str()) == 0;
        const FileDescriptor outside(::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        const bool has_left = ::rename((folder_ + "/b2").c_str(), beside.c_str()) == 0;
        return is_written && is_renamed && !outside.is_open() && !has_left;
      }),
      0);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/b2"));
  EXPECT_FALSE(std::filesystem::exists(beside));
}

TEST_F(SandboxTest, AMailerConnectsToItsPortAlone) {
  if (!landlock_limits_tcp()) GTEST_SKIP() << "this kernel's Landlock does not know TCP";
  const auto connect_errno = [](std::uint16_t port) {
    const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    return ::connect(socket.get(), generic, sizeof(address)) == 0 ? 0 : errno;
  };
  EXPECT_EQ(in_child([&] {
              Rights rights;
              rights.connect_ports = {1};
              if (!confine(rights)) return false;
              return connect_errno(1) == ECONNREFUSED && connect_errno(2) == EACCES;
            }),
            0);
}

TEST_F(SandboxTest, ALoggerSendsDatagramsToUnixSocketsAndOpensNoStream) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder_ + "/log").copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  const FileDescriptor receiver(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(receiver.get(), generic, sizeof(address)), 0);
  Rights rights;
  rights.sends_unix_datagrams = true;
  EXPECT_EQ(in_child([&] {
              if (!confine(rights) || !prove_confined(rights)) return false;
              constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;
              const FileDescriptor sender(::socket(AF_UNIX, SOCK_DGRAM | kFlags, 0));
              return ::connect(sender.get(), generic, sizeof(address)) == 0 &&
                     ::send(sender.get(), "x", 1, 0) == 1 &&
                     ::socket(AF_UNIX, SOCK_STREAM | kFlags, 0) < 0 &&
                     ::socket(AF_UNIX, SOCK_SEQPACKET | kFlags, 0) < 0 &&
                     ::socket(AF_INET, SOCK_DGRAM | kFlags, 0) < 0;
            }),
            0);
  char byte = 0;
  EXPECT_EQ(::recv(receiver.get(), &byte, 1, MSG_DONTWAIT), 1);
}

TEST_F(SandboxTest, AMissingFolderIsAnError) {
  EXPECT_EQ(in_child([&] {
              Rights rights;
              rights.folders = {folder_ + "/none"};
              return !confine(rights).has_value();
            }),
            0);
}

}  // namespace
}  // namespace sealift::server
