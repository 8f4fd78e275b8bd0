// SteadyTime: the server's time. It never goes back, and it never jumps far ahead unasked.
//
// What expires, expires for good: bytes are removed and keys destroyed. So a wall clock that jumps
// more than a day past what the monotonic clock allows is held: time goes on from where it was, by
// the monotonic clock alone, until a person accepts the new time (`sealift admin clock accept`) or
// the clock comes back by itself. At the start, where no monotonic clock tells, a server may have
// been off: two weeks are believed. docs/decisions/0152-held-clock.md. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace sealift::server::vault {

inline constexpr std::chrono::hours kClockJumpMax{24};
inline constexpr std::chrono::hours kClockGapMax{14 * 24};  // between two starts

// What `sealift admin clock accept` leaves for the server, in place of the time that is held.
inline constexpr std::string_view kClockAccepted = "accepted";

// Of two times that no monotonic clock connects: `wall`, or `latest` when that is too far ahead.
base::UnixTime believed(base::UnixTime wall, base::UnixTime latest,
                        std::chrono::milliseconds gap_max = kClockGapMax);

class SteadyTime {
 public:
  // `latest` is the latest time that the catalog was told; `gap_max` is less where the clock was
  // held when the process before ended. Borrows the clock.
  SteadyTime(const base::Clock& clock, base::UnixTime latest,
             std::chrono::milliseconds gap_max = kClockGapMax);

  base::UnixTime now();
  // The wall clock's time while it is held, nullopt else. As of the last now().
  std::optional<base::UnixTime> held() const;
  // Believes the wall clock from now on.
  void accept();

 private:
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  base::UnixTime latest_;               // given out or told; guarded by mutex_
  std::chrono::milliseconds counted_;   // the monotonic clock at latest_; guarded by mutex_
  std::optional<base::UnixTime> held_;  // guarded by mutex_
};

}  // namespace sealift::server::vault
