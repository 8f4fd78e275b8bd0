#include "server/frame_channel.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

// Twice this is what the kernel gives without privileges: room for the largest frame.
constexpr int kSocketBufferSize = 212'992;
constexpr std::size_t kTakenMax = 8;  // messages at once

union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int) * 4)> space;
};

// Takes every descriptor that came along, so that none leaks; more than one is a broken rule.
bool take_descriptors(msghdr& message, FileDescriptor& descriptor) {
  std::size_t count = 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t here = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < here; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
      descriptor = FileDescriptor(fd);
      ++count;
    }
  }
  return count <= 1 && (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) == 0;
}

}  // namespace

Result<std::array<FileDescriptor, 2>> FrameChannel::make_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "socket pair"));
  }
  std::array<FileDescriptor, 2> pair = {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
  for (const FileDescriptor& end : pair) {
    ::setsockopt(end.get(), SOL_SOCKET, SO_SNDBUF, &kSocketBufferSize, sizeof(kSocketBufferSize));
  }
  return pair;
}

FrameChannel::Sent FrameChannel::send_now(const Unsent& unsent) const {
  msghdr message{};
  iovec part{};
  // sendmsg() does not write through it; the interface is older than const.
  part.iov_base = const_cast<std::byte*>(unsent.bytes.data());
  part.iov_len = unsent.bytes.size();
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control{};
  if (unsent.descriptor.is_open()) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int fd = unsent.descriptor.get();
    std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
  }
  while (true) {
    if (::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) >= 0) return Sent::yes;
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == ENOBUFS ? Sent::later : Sent::failed;
  }
}

Result<void> FrameChannel::send(const Frame& frame, FileDescriptor descriptor) {
  SEALIFT_CHECK(carries_descriptor(frame) == descriptor.is_open() && sender_of(frame) != peer_);
  unsent_.push_back({encode_frame(frame), std::move(descriptor)});
  SEALIFT_CHECK(unsent_.back().bytes.size() <= limits::kFrameSizeMax);
  return flush();
}

Result<void> FrameChannel::flush() {
  while (!unsent_.empty()) {
    switch (send_now(unsent_.front())) {
      case Sent::later:
        return {};
      case Sent::failed:
        return base::fail(ErrorCode::io, "role is gone");
      case Sent::yes:
        unsent_.pop_front();
    }
  }
  return {};
}

Result<ReceivedMessage> FrameChannel::message_of(base::ByteView bytes, FileDescriptor descriptor,
                                                 bool is_whole) const {
  if (bytes.empty()) return base::fail(ErrorCode::io, "role is gone");
  SEALIFT_TRY(Frame frame, decode_frame(bytes, peer_));
  if (!is_whole || carries_descriptor(frame) != descriptor.is_open()) {
    return base::fail(ErrorCode::malformed, "descriptors of a frame");
  }
  return ReceivedMessage{std::move(frame), std::move(descriptor)};
}

// One system call for all that waits, which is most of what a small request costs.
void FrameChannel::take_some() {
  if (!buffer_) {
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(kTakenMax * limits::kFrameSizeMax);
  }
  std::array<iovec, kTakenMax> parts{};
  std::array<Control, kTakenMax> controls{};
  std::array<mmsghdr, kTakenMax> messages{};
  for (std::size_t i = 0; i < kTakenMax; ++i) {
    parts.at(i) = {buffer_.get() + i * limits::kFrameSizeMax, limits::kFrameSizeMax};
    messages.at(i).msg_hdr.msg_iov = &parts.at(i);
    messages.at(i).msg_hdr.msg_iovlen = 1;
    messages.at(i).msg_hdr.msg_control = &controls.at(i);
    messages.at(i).msg_hdr.msg_controllen = sizeof(Control);
  }
  int count = -1;
  do {
    count = ::recvmmsg(socket_.get(), messages.data(), kTakenMax, MSG_CMSG_CLOEXEC, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno != EAGAIN) {
    received_.emplace_back(base::fail(ErrorCode::io, "role is gone"));
  }
  is_drained_ = count < static_cast<int>(kTakenMax);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
    FileDescriptor descriptor;
    const bool is_whole = take_descriptors(messages.at(i).msg_hdr, descriptor);
    received_.push_back(message_of({buffer_.get() + i * limits::kFrameSizeMax,
                                    static_cast<std::size_t>(messages.at(i).msg_len)},
                                   std::move(descriptor), is_whole));
  }
}

Result<std::optional<ReceivedMessage>> FrameChannel::receive() {
  if (received_.empty() && !std::exchange(is_drained_, false)) take_some();
  if (received_.empty()) {
    is_drained_ = false;
    return std::optional<ReceivedMessage>();
  }
  auto message = std::move(received_.front());
  received_.pop_front();
  if (!message) return tl::unexpected(std::move(message).error());
  return std::optional<ReceivedMessage>(*std::move(message));
}

}  // namespace sealift::server
