// Clock: the time, passed in. Nothing below main asks the system for it.
#pragma once

#include <chrono>

namespace sealift::base {

// Milliseconds since 1970-01-01T00:00:00Z, as stored and sent everywhere.
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall clock: may step. For expiry, logs and letters.
  virtual UnixTime now() const = 0;

  // Never steps back. For intervals and timeouts.
  virtual std::chrono::milliseconds monotonic() const = 0;
};

class SystemClock final : public Clock {
 public:
  UnixTime now() const override;
  std::chrono::milliseconds monotonic() const override;
};

// For tests: stands still until it is moved. Not thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UnixTime now) : now_(now) {}
  UnixTime now() const override { return now_; }
  std::chrono::milliseconds monotonic() const override { return monotonic_; }

  void advance(std::chrono::milliseconds by) {
    now_ += by;
    monotonic_ += by;
  }
  void step_wall_clock(std::chrono::milliseconds by) { now_ += by; }

 private:
  UnixTime now_;
  std::chrono::milliseconds monotonic_{0};
};

}  // namespace sealift::base
