#include "server/log_line.h"

#include <poll.h>
#include <unistd.h>

#include <string>

#include "base/clock.h"

namespace sealift::server {
namespace {

std::string_view& role() {
  static std::string_view value = "sealiftd";
  return value;
}

void append_text(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') line += c;
  }
  line += '"';
}

}  // namespace

void set_log_role(std::string_view name) { role() = name; }

void log_line(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  const auto now = base::SystemClock().now().time_since_epoch().count();
  std::string line = "{\"time\":" + std::to_string(now) + ",\"role\":";
  append_text(line, role());
  for (const auto& [key, value] : fields) {
    line += ',';
    append_text(line, key);
    line += ':';
    append_text(line, value);
  }
  line += "}\n";
  // A log that cannot be written, or whose reader does not read, stops nothing: the line is lost.
  pollfd out{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) return;
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace sealift::server
