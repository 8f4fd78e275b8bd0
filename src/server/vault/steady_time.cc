#include "server/vault/steady_time.h"

#include <algorithm>

namespace sealift::server::vault {

base::UnixTime believed(base::UnixTime wall, base::UnixTime latest,
                        std::chrono::milliseconds gap_max) {
  const bool is_first = latest == base::UnixTime();
  return is_first || wall - latest <= gap_max ? std::max(wall, latest) : latest;
}

SteadyTime::SteadyTime(const base::Clock& clock, base::UnixTime latest,
                       std::chrono::milliseconds gap_max)
    : clock_(clock), latest_(believed(clock.now(), latest, gap_max)), counted_(clock.monotonic()) {
  if (latest_ < clock.now()) held_ = clock.now();
}

base::UnixTime SteadyTime::now() {
  const std::scoped_lock lock(mutex_);
  const base::UnixTime wall = clock_.now();
  const std::chrono::milliseconds counted = clock_.monotonic();
  const base::UnixTime expected = latest_ + (counted - counted_);
  if (wall - expected > kClockJumpMax) {
    held_ = wall;
    latest_ = expected;
  } else {
    held_.reset();
    latest_ = std::max(latest_, wall);
  }
  counted_ = counted;
  return latest_;
}

std::optional<base::UnixTime> SteadyTime::held() const {
  const std::scoped_lock lock(mutex_);
  return held_;
}

void SteadyTime::accept() {
  const std::scoped_lock lock(mutex_);
  latest_ = std::max(latest_, clock_.now());
  counted_ = clock_.monotonic();
  held_.reset();
}

}  // namespace sealift::server::vault
