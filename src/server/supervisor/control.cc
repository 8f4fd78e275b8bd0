#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "server/supervisor/supervisor.h"

namespace sealift::server {
namespace {

constexpr std::size_t kDescriptorsMax = 2;

union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int) * kDescriptorsMax)> space;
};

std::vector<base::FileDescriptor> descriptors_of(msghdr& message) {
  std::vector<base::FileDescriptor> found;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
      found.emplace_back(fd);
    }
  }
  return found;
}

// nullopt: there is no such message.
std::optional<std::size_t> descriptors_with(ControlMessage::Kind kind) {
  switch (kind) {
    case ControlMessage::Kind::front:
    case ControlMessage::Kind::mailer:
      return 1;
    case ControlMessage::Kind::certificate:
      return 2;
    case ControlMessage::Kind::serving:
      return 0;
  }
  return std::nullopt;
}

}  // namespace

base::Result<void> send_control(int socket, ControlMessage::Kind kind, std::span<const int> fds) {
  SEALIFT_CHECK(fds.size() <= kDescriptorsMax);
  char letter = static_cast<char>(kind);
  iovec part{&letter, 1};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
  }
  if (::sendmsg(socket, &message, MSG_NOSIGNAL) != 1) {
    return tl::unexpected(base::error_of_errno(errno, "control socket"));
  }
  return {};
}

base::Result<std::optional<ControlMessage>> receive_control(int socket) {
  char letter = 0;
  iovec part{&letter, 1};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof(control);
  ssize_t size = -1;
  do {
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (size < 0 && errno == EINTR);
  if (size < 0 && errno == EAGAIN) return std::optional<ControlMessage>();
  if (size <= 0) return base::fail(base::ErrorCode::io, "control socket closed");
  ControlMessage received{static_cast<ControlMessage::Kind>(letter), descriptors_of(message)};
  if (descriptors_with(received.kind) != received.descriptors.size()) {
    return base::fail(base::ErrorCode::malformed, "control message");
  }
  return std::optional<ControlMessage>(std::move(received));
}

}  // namespace sealift::server
