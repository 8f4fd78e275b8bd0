#include "server/vault/steady_time.h"

#include <algorithm>
#include <charconv>

namespace sealift::server::vault {

using std::chrono::milliseconds;

base::UnixTime believed(base::UnixTime wall, base::UnixTime latest, milliseconds gap_max) {
  const bool is_first = latest == base::UnixTime();
  return is_first || wall - latest <= gap_max ? std::max(wall, latest) : latest;
}

std::string held_clock_text(const HeldClock& held) {
  return std::to_string(held.shows.time_since_epoch().count()) + " " +
         std::to_string(held.room.count());
}

std::optional<HeldClock> parse_held_clock(std::string_view text) {
  std::int64_t shows_ms = 0;
  const char* const end = text.data() + text.size();
  const auto shows = std::from_chars(text.data(), end, shows_ms);
  if (shows.ec != std::errc()) return std::nullopt;
  HeldClock held{base::UnixTime(milliseconds(shows_ms))};
  if (shows.ptr == end) return held;
  std::int64_t room_ms = 0;
  const auto room = std::from_chars(shows.ptr + 1, end, room_ms);
  if (*shows.ptr != ' ' || room.ec != std::errc() || room.ptr != end) return std::nullopt;
  held.room = std::clamp<milliseconds>(milliseconds(room_ms), milliseconds(0), kClockJumpMax);
  return held;
}

SteadyTime::SteadyTime(const base::Clock& clock, base::UnixTime latest,
                       const std::optional<HeldClock>& before, ClockMemory* memory)
    : clock_(clock),
      memory_(memory),
      latest_(believed(clock.now(), latest, before ? before->room : kClockGapMax)),
      counted_(clock.monotonic()),
      confirmed_(before ? latest - (kClockJumpMax - before->room) : latest_),
      confirmed_at_(counted_) {
  if (const auto known = memory_ != nullptr ? memory_->read() : std::nullopt) {
    latest_ = known->latest;
    counted_ = known->counted;
    confirmed_ = known->confirmed;
    confirmed_at_ = known->confirmed_at;
    return;  // now() judges the clock
  }
  if (latest_ < clock.now()) held_ = clock.now();
}

void SteadyTime::remember() {
  if (memory_ != nullptr) memory_->write({latest_, counted_, confirmed_, confirmed_at_});
}

base::UnixTime SteadyTime::now() {
  const std::scoped_lock lock(mutex_);
  const base::UnixTime wall = clock_.now();
  const milliseconds counted = clock_.monotonic();
  const base::UnixTime expected = latest_ + (counted - counted_);
  const base::UnixTime furthest = confirmed_ + (counted - confirmed_at_) + kClockJumpMax;
  if (wall - expected > kClockJumpMax || (wall > expected && wall > furthest)) {
    held_ = wall;
    latest_ = expected;
  } else {
    held_.reset();
    latest_ = std::max(latest_, wall);
  }
  counted_ = counted;
  remember();
  return latest_;
}

milliseconds SteadyTime::room() const {
  const std::scoped_lock lock(mutex_);
  const base::UnixTime furthest = confirmed_ + (counted_ - confirmed_at_) + kClockJumpMax;
  return std::clamp<milliseconds>(furthest - latest_, milliseconds(0), kClockJumpMax);
}

std::optional<base::UnixTime> SteadyTime::held() const {
  const std::scoped_lock lock(mutex_);
  return held_;
}

void SteadyTime::accept() {
  const std::scoped_lock lock(mutex_);
  latest_ = std::max(latest_, clock_.now());
  counted_ = clock_.monotonic();
  confirmed_ = latest_;
  confirmed_at_ = counted_;
  held_.reset();
  remember();
}

}  // namespace sealift::server::vault
