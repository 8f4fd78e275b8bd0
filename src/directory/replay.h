// Replay: follows a directory's log entry by entry, as its writer, an auditor and every client of a
// small one do. What it takes is what the log may say:
//
//   * entry 0 is a first entry, and no other is
//   * time never goes back
//   * enrolled: the address was never there (generation 1), or was removed (one generation more)
//   * rotated, restarted: the address is there; one generation more; restarted only where entry 0
//     names an organisation's key
//   * removed: the address is there; its generation stays
//   * the root in each change is that of the map after it
//
// Whose signature a rotation has is for who asks for the address: the log doesn't have it. Not
// thread-safe; const functions are, between changes.
#pragma once

#include <optional>

#include "directory/entry.h"
#include "directory/map.h"

namespace sealift::directory {

class Replay {
 public:
  // How the roots of changes are compared: each at once, or the last one alone, which holds for all
  // before it in a log that this machine wrote.
  enum class Roots : std::uint8_t { each, last };
  explicit Replay(Roots roots = Roots::each) : roots_(roots) {}

  // Takes the next entry. Errors: malformed, damaged (the log may not say that). Nothing that came
  // after an error means anything.
  base::Result<void> take(base::ByteView entry);
  // With Roots::last, after the last entry. Errors: damaged.
  base::Result<void> check_root();

  // The writer's way: takes a change, not before the last one's time, and gives the entry that says
  // so. Errors: conflict (the log may not say that; nothing was taken).
  base::Result<ChangeEntry> add(const Index& index, const State& state, std::uint64_t time_ms);

  std::uint64_t size() const { return size_; }
  const std::optional<FirstEntry>& first() const { return first_; }
  std::uint64_t last_time_ms() const { return last_time_ms_; }
  const Map& map() const { return map_; }

 private:
  base::Result<void> take_change(const ChangeEntry& change);
  bool may_follow(const Index& index, const State& state) const;

  Roots roots_;
  std::uint64_t size_ = 0;
  std::optional<FirstEntry> first_;
  std::uint64_t last_time_ms_ = 0;
  log::Hash last_root_{};
  Map map_;
};

}  // namespace sealift::directory
