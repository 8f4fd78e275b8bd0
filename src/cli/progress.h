// Progress: one line on a terminal that says how far long work is; nothing anywhere else.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cli/verb.h"

namespace sealift::cli {

// "[######......]" for 0.5 in 12
std::string bar_text(double share, int width);

// Draws on standard error when that is a terminal, at most ten times a second and only once the
// work has taken longer than half a second. show() may be called from any thread.
class Progress {
 public:
  // `what` in English: "sending"; `total_bytes` 0: not known. `environment` outlives this.
  Progress(const Environment& environment, std::string_view what, std::uint64_t total_bytes);
  ~Progress();  // takes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done_bytes);
  // A line of one's own instead. Text is made only when it will be drawn.
  void show(const std::function<std::string()>& line);

 private:
  bool may_draw();
  std::string line(std::uint64_t done_bytes, std::chrono::milliseconds elapsed) const;

  const base::Clock& clock_;
  const base::Language language_;
  const std::string what_;
  const std::uint64_t total_bytes_;
  const bool is_terminal_;
  const std::chrono::milliseconds started_;
  std::atomic<std::int64_t> drawn_ms_{0};  // since started_; 0: never
};

}  // namespace sealift::cli
