// How long a reader that sends nothing is waited for.
//
// What a scan finds must not depend on what else the machine does. So the time allowed is counted
// in what the reader does with it: it hangs when it has used that much processor time without
// sending anything, or has slept through it. One that could not run (others had the processor, it
// was stopped, its disk is slow) is waited for kWaitsMax times as long, and then ended under a
// reason of its own.
//
// Pure: the caller asks the system and hands in what it says, once every slice of the time.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace sealift::extract {

enum class Loss {
  hung,     // used the time up, or slept through it
  starved,  // could not run for many times as long
};

// What the system says of a process that is not finished.
struct Activity {
  std::chrono::nanoseconds cpu_time{};
  bool sleeps = false;  // waits for something that is neither the processor nor a disk
};

// Of one silence: made when there is nothing to read.
class Patience {
 public:
  static constexpr int kSlices = 10;
  static constexpr int kWaitsMax = 10;

  Patience(std::chrono::milliseconds wait_max, Activity now)
      : wait_max_(wait_max), begun_(now.cpu_time), last_(now) {}

  // How long to wait before the next look.
  std::chrono::milliseconds slice() const {
    return std::max(std::chrono::milliseconds(1), wait_max_ / kSlices);
  }

  // A slice went by in silence. Counted as one slice however long it took: a parent that was
  // stopped itself has not waited.
  std::optional<Loss> slice_passed(Activity now);

 private:
  std::chrono::milliseconds wait_max_;
  std::chrono::nanoseconds begun_;
  Activity last_;
  std::chrono::milliseconds waited_{0}, slept_{0};
};

}  // namespace sealift::extract
