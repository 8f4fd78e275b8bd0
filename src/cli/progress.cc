#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/phrase.h"

namespace sealift::cli {
namespace {

constexpr std::int64_t kFirstAfterMs = 500;
constexpr std::int64_t kIntervalMs = 100;
constexpr int kBarWidth = 24;

std::string duration_text(double seconds) {
  const long whole = std::lround(seconds);
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%ld:%02ld", whole / 60, whole % 60);
  return out.data();
}

}  // namespace

std::string bar_text(double share, int width) {
  const int full = std::clamp(static_cast<int>(share * width), 0, width);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(width - full), '.') + "]";
}

Progress::Progress(const Environment& environment, std::string_view what, std::uint64_t total_bytes)
    : clock_(environment.clock),
      language_(environment.language),
      what_(looked_up(environment.language, what)),
      total_bytes_(total_bytes),
      is_terminal_(::isatty(STDERR_FILENO) == 1),
      started_(environment.clock.monotonic()) {}

Progress::~Progress() {
  if (drawn_ms_ != 0) std::fputs("\r\033[K", stderr);
}

bool Progress::may_draw() {
  if (!is_terminal_) return false;
  const auto elapsed = clock_.monotonic() - started_;
  std::int64_t drawn = drawn_ms_.load();
  if (elapsed.count() < std::max(kFirstAfterMs, drawn + kIntervalMs)) return false;
  // One of the threads that come here at the same time draws.
  return drawn_ms_.compare_exchange_strong(drawn, elapsed.count());
}

void Progress::show(std::uint64_t done_bytes) {
  show([&] { return line(done_bytes, clock_.monotonic() - started_); });
}

void Progress::show(const std::function<std::string()>& line) {
  if (may_draw()) std::fprintf(stderr, "\r\033[K%s", line().c_str());
}

std::string Progress::line(std::uint64_t done_bytes, std::chrono::milliseconds elapsed) const {
  const double seconds = std::max(0.001, static_cast<double>(elapsed.count()) / 1000);
  const double rate = static_cast<double>(done_bytes) / seconds;
  const auto speed = static_cast<std::uint64_t>(rate);
  if (total_bytes_ == 0)
    return phrase(language_, "{what} {done_bytes}  {speed_bytes}/s", what_, done_bytes, speed);
  const double share =
      std::min(1.0, static_cast<double>(done_bytes) / static_cast<double>(total_bytes_));
  const double left = static_cast<double>(total_bytes_) * (1 - share) / std::max(rate, 1.0);
  return phrase(language_,
                "{what} {bar} {done_bytes} of {total_bytes}  {speed_bytes}/s  {time} left", what_,
                bar_text(share, kBarWidth), done_bytes, total_bytes_, speed, duration_text(left));
}

}  // namespace sealift::cli
