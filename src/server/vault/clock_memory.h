// ClockMemory: what one vault process knows of the clock, for the one that is started after it.
//
// The monotonic clock is the same for both, so that the sum of a clock's steps goes on where a
// process that was killed left it. Shared memory, made by the supervisor; other roles let go of it
// before they read anything. One writer at a time, which may be killed at any moment: of two
// entries, the one that isn't the newest is written, and then becomes it.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/result.h"

namespace sealift::server::vault {

// As SteadyTime has it.
struct ClockReading {
  base::UnixTime latest;
  std::chrono::milliseconds counted;
  base::UnixTime confirmed;
  std::chrono::milliseconds confirmed_at;

  friend bool operator==(const ClockReading&, const ClockReading&) = default;
};

class ClockMemory {
 public:
  struct Unmap {
    void operator()(ClockMemory* memory) const;
  };
  // Empty, shared with every process that is forked from here on. Errors: io.
  static base::Result<std::unique_ptr<ClockMemory, Unmap>> make();

  // nullopt: no process has written any.
  std::optional<ClockReading> read() const;
  void write(const ClockReading& reading);

 private:
  std::atomic<std::uint64_t> written_{0};  // the newest entry is of this number, modulo 2
  std::array<std::array<std::atomic<std::int64_t>, 4>, 2> entries_{};
};

}  // namespace sealift::server::vault
