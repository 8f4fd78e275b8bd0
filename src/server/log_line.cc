#include "server/log_line.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "base/clock.h"
#include "server/log_frames.h"

namespace sealift::server {
namespace {

struct Way {
  std::string_view role = "sealiftd";
  int socket = -1;
  std::atomic<std::uint64_t> lost{0};
};

Way& way() {
  static Way value;
  return value;
}

bool hand_over(const LogLine& line) {
  const base::Bytes frame = encode_log_line(line);
  ssize_t sent = -1;
  do {
    sent = ::send(way().socket, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(frame.size());
}

bool write_to_standard_error(const LogLine& line) {
  const std::string text = json_line(line, way().role);
  pollfd out{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) return false;
  return ::write(STDERR_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool put(const LogLine& line) {
  return way().socket >= 0 ? hand_over(line) : write_to_standard_error(line);
}

}  // namespace

void set_log_role(std::string_view name) { way().role = name; }
void set_log_socket(int socket) { way().socket = socket; }

void log_line(LogEvent event,
              std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  LogLine line{event, base::SystemClock().now(), {}};
  for (const auto& [key, value] : fields) line.fields.emplace_back(key, value);
  const std::uint64_t lost = way().lost.exchange(0);
  if (lost > 0 && !put({LogEvent::lines_lost,
                        line.time,
                        {{"where", "role"}, {"count", std::to_string(lost)}}})) {
    way().lost += lost + 1;
    return;
  }
  if (!put(line)) ++way().lost;
}

}  // namespace sealift::server
