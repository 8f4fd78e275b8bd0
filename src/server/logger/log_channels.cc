#include <sys/socket.h>

#include <unistd.h>
#include <cerrno>

#include "server/log_frames.h"
#include "server/log_line.h"
#include "server/logger/process.h"

namespace sealift::server {
namespace {

// As much as an unprivileged process gets; some hundred lines wait for a logger.
constexpr int kBufferSize = 1 << 20;

}  // namespace

std::string_view source_name(LogSource source) {
  switch (source) {
    case LogSource::supervisor:
      return "supervisor";
    case LogSource::vault:
      return "vault";
    case LogSource::front:
      return "front";
    case LogSource::mailer:
      return "mailer";
  }
  return "sealiftd";
}

base::Result<LogChannels> LogChannels::make() {
  LogChannels made;
  for (std::size_t i = 0; i < kLogSources; ++i) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      return tl::unexpected(base::error_of_errno(errno, "log socket"));
    }
    made.write_ends_.at(i) = base::FileDescriptor(ends[0]);
    made.read_ends_.at(i) = base::FileDescriptor(ends[1]);
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &kBufferSize, sizeof(kBufferSize));
    // Lines go one way.
    ::shutdown(ends[0], SHUT_RD);
    ::shutdown(ends[1], SHUT_WR);
  }
  return made;
}

void LogChannels::become(LogSource source) {
  set_log_role(source_name(source));
  set_log_socket(write_ends_.at(static_cast<std::size_t>(source)).get());
  for (std::size_t i = 0; i < kLogSources; ++i) {
    read_ends_.at(i).reset();
    if (i != static_cast<std::size_t>(source)) write_ends_.at(i).reset();
  }
}

std::array<base::FileDescriptor, kLogSources> LogChannels::take_ends() {
  set_log_role("logger");
  set_log_socket(-1);
  for (base::FileDescriptor& end : write_ends_) end.reset();
  return std::move(read_ends_);
}

void LogChannels::speak() const {
  set_log_role(source_name(LogSource::supervisor));
  set_log_socket(write_ends_[0].get());
}

void LogChannels::drain() const {
  set_log_socket(-1);
  base::Bytes frame(kLogFrameSizeMax);
  for (std::size_t i = 0; i < kLogSources; ++i) {
    while (true) {
      const ssize_t size = ::recv(read_ends_.at(i).get(), frame.data(), frame.size(), MSG_DONTWAIT);
      if (size <= 0) break;
      const auto line =
          decode_log_line(base::ByteView(frame).first(static_cast<std::size_t>(size)));
      if (!line) continue;
      const std::string text = json_line(*line, source_name(static_cast<LogSource>(i)));
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    }
  }
}

}  // namespace sealift::server
