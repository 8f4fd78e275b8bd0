#include "server/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "base/file_descriptor.h"
#include "base/temporary_folder.h"

namespace sealift::server {
namespace {

TEST(NotifyTest, TheServiceManagerIsToldOnTheSocketThatItNamed) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() + "/notify";
  const base::FileDescriptor listener(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(
      ::bind(listener.get(), static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof(address)),
      0);
  ASSERT_TRUE(notify_service_manager(path, "READY=1"));
  std::array<char, 64> told{};
  const ssize_t size = ::recv(listener.get(), told.data(), told.size(), MSG_DONTWAIT);
  EXPECT_EQ(std::string_view(told.data(), size > 0 ? static_cast<std::size_t>(size) : 0),
            "READY=1");
}

TEST(NotifyTest, WithoutASocketNobodyIsTold) {
  EXPECT_TRUE(notify_service_manager("", "READY=1"));
  EXPECT_FALSE(notify_service_manager("/nobody/listens/here", "READY=1"));
  EXPECT_EQ(notify_service_manager(std::string(200, 'x'), "READY=1").error().code,
            base::ErrorCode::malformed);
}

}  // namespace
}  // namespace sealift::server
