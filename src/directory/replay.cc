#include "directory/replay.h"

#include <algorithm>

#include "base/check.h"

namespace sealift::directory {

using base::ErrorCode;
using base::Result;

namespace {

tl::unexpected<base::Error> damaged(const char* what) {
  return base::fail(ErrorCode::damaged, std::string("directory: ") + what);
}

}  // namespace

bool Replay::may_follow(const Index& index, const State& state) const {
  const auto before = map_.find(index);
  const std::uint64_t next = before ? std::uint64_t{before->generation} + 1 : 1;
  const bool is_there = before && !before->is_removed();
  switch (state.how) {
    case How::enrolled:
      return !is_there && state.generation == next;
    case How::rotated:
      return is_there && state.generation == next;
    case How::restarted:
      return is_there && state.generation == next && first_->has_organisation();
    case How::removed:
      return is_there && state.generation == before->generation;
  }
  return false;
}

Result<void> Replay::take(base::ByteView bytes) {
  SEALIFT_TRY(const Entry entry, parse_entry(bytes));
  const auto* first = std::get_if<FirstEntry>(&entry);
  if ((first != nullptr) != (size_ == 0)) return damaged("a first entry where none may be");
  if (first != nullptr) {
    first_ = *first;
    last_root_ = map_.root();
  } else {
    SEALIFT_TRY_VOID(take_change(std::get<ChangeEntry>(entry)));
  }
  ++size_;
  return {};
}

Result<void> Replay::take_change(const ChangeEntry& change) {
  if (change.time_ms < last_time_ms_) return damaged("time went back");
  if (!may_follow(change.index, change.state))
    return damaged("a change that may not follow what was there");
  if (!map_.put(change.index, change.state)) return damaged("an index that is no function's");
  if (roots_ == Roots::each && map_.root() != change.root)
    return damaged("a root that does not follow from the entries");
  last_time_ms_ = change.time_ms;
  last_root_ = change.root;
  return {};
}

Result<void> Replay::check_root() {
  if (size_ > 0 && map_.root() != last_root_)
    return damaged("a root that does not follow from the entries");
  return {};
}

Result<ChangeEntry> Replay::add(const Index& index, const State& state, std::uint64_t time_ms) {
  SEALIFT_CHECK(size_ > 0);
  if (!may_follow(index, state) || !map_.put(index, state))
    return base::fail(ErrorCode::conflict, "directory: no change that may follow");
  last_time_ms_ = std::max(time_ms, last_time_ms_);
  last_root_ = map_.root();
  ++size_;
  return ChangeEntry{last_time_ms_, index, state, last_root_};
}

}  // namespace sealift::directory
