#include "server/logger/outlet.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sealift::server {
namespace {

// What a pipe that poll() calls writable takes without blocking (pipe(7), PIPE_BUF).
constexpr std::size_t kPieceMax = 4096;

}  // namespace

void Outlet::put(std::string line) {
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  // A line that is half written stays: its end belongs to it.
  const std::size_t kept = first_written_ > 0 ? 1 : 0;
  while (bytes_ > bytes_max_ && lines_.size() > kept + 1) {
    const auto oldest = lines_.begin() + static_cast<std::ptrdiff_t>(kept);
    bytes_ -= oldest->size();
    lines_.erase(oldest);
    ++dropped_;
  }
  flush();
}

void Outlet::flush() {
  while (is_waiting()) {
    pollfd out{fd_, POLLOUT, 0};
    if (::poll(&out, 1, 0) != 1) return;
    if ((out.revents & (POLLERR | POLLNVAL | POLLHUP)) != 0) {
      is_closed_ = true;
      return;
    }
    const std::string& line = lines_.front();
    const std::size_t size = std::min(line.size() - first_written_, kPieceMax);
    const ssize_t written = ::write(fd_, line.data() + first_written_, size);
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (written < 0) {
      is_closed_ = true;
      return;
    }
    first_written_ += static_cast<std::size_t>(written);
    if (first_written_ < line.size()) continue;
    bytes_ -= line.size();
    lines_.pop_front();
    first_written_ = 0;
  }
}

}  // namespace sealift::server
