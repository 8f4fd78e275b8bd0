#include "server/notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "base/file_descriptor.h"

namespace sealift::server {

base::Result<void> notify_service_manager(const std::string& socket, std::string_view state) {
  if (socket.empty()) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path)) {
    return base::fail(base::ErrorCode::malformed, "service manager's socket");
  }
  std::ranges::copy(socket, std::begin(address.sun_path));
  if (socket.front() == '@') address.sun_path[0] = '\0';
  const base::FileDescriptor sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const ssize_t sent =
      ::sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL,
               static_cast<const sockaddr*>(static_cast<const void*>(&address)), size);
  if (sent < 0) return tl::unexpected(base::error_of_errno(errno, "service manager"));
  return {};
}

}  // namespace sealift::server
