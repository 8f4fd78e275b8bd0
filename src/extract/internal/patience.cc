#include "extract/internal/patience.h"

namespace sealift::extract {

std::optional<Loss> Patience::slice_passed(Activity now) {
  waited_ += slice();
  if (now.sleeps && last_.sleeps && now.cpu_time == last_.cpu_time) slept_ += slice();
  last_ = now;
  if (now.cpu_time - begun_ >= wait_max_ || slept_ >= wait_max_) return Loss::hung;
  if (waited_ >= kWaitsMax * wait_max_) return Loss::starved;
  return std::nullopt;
}

}  // namespace sealift::extract
