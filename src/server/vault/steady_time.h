// SteadyTime: the server's time. It never goes back, and it never jumps far ahead unasked.
//
// What expires, expires for good: bytes are removed and keys destroyed. So a wall clock that runs
// more than a day ahead of what the monotonic clock allows is held, whether it went there in one
// jump or in many since it was last confirmed (the start, or a person): time goes on from where it
// was, by the monotonic clock alone, until a person accepts the new time (`sealift admin clock
// accept`) or the clock comes back by itself. A process that follows another one of the same server
// goes on with its sum (clock_memory.h). At the server's start, where no monotonic clock tells, it
// may have been off: two weeks are believed. docs/decisions/0152-held-clock.md. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "server/vault/clock_memory.h"

namespace sealift::server::vault {

inline constexpr std::chrono::hours kClockJumpMax{24};
inline constexpr std::chrono::hours kClockGapMax{14 * 24};  // between two starts

// What `sealift admin clock accept` leaves for the server, in place of the time that is held.
inline constexpr std::string_view kClockAccepted = "accepted";

// Of two times that no monotonic clock connects: `wall`, or `latest` when that is too far ahead.
base::UnixTime believed(base::UnixTime wall, base::UnixTime latest,
                        std::chrono::milliseconds gap_max = kClockGapMax);

// As the catalog keeps it for the next process.
struct HeldClock {
  base::UnixTime shows;                            // the wall clock, when it was held
  std::chrono::milliseconds room = kClockJumpMax;  // see SteadyTime::room()
};
std::string held_clock_text(const HeldClock& held);
// held clock = shows [ " " room ], in milliseconds; servers used to write no room. nullopt:
// it is none, or was accepted.
std::optional<HeldClock> parse_held_clock(std::string_view text);

class SteadyTime {
 public:
  // `latest` is the latest time that the catalog was told; `before`: the clock was held when the
  // process before ended, which accepts nothing. Where `memory` has a reading of the process
  // before, both give way to it. Borrows clock and memory.
  SteadyTime(const base::Clock& clock, base::UnixTime latest,
             const std::optional<HeldClock>& before = std::nullopt, ClockMemory* memory = nullptr);

  base::UnixTime now();
  // The wall clock's time while it is held, nullopt else. As of the last now().
  std::optional<base::UnixTime> held() const;
  // How far it may still step ahead until it is held. As of the last now().
  std::chrono::milliseconds room() const;
  // Believes the wall clock from now on.
  void accept();

 private:
  void remember();

  const base::Clock& clock_;
  ClockMemory* const memory_;
  mutable std::mutex mutex_;
  base::UnixTime latest_;                   // these are guarded by mutex_: given out or told
  std::chrono::milliseconds counted_;       // the monotonic clock at latest_
  base::UnixTime confirmed_;                // from which steps are summed up
  std::chrono::milliseconds confirmed_at_;  // the monotonic clock at confirmed_
  std::optional<base::UnixTime> held_;
};

}  // namespace sealift::server::vault
