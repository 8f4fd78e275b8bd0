// ByteRanges: which bytes of a file, as ranges [begin, end) that neither overlap nor touch. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>

namespace sealift::server::vault {

class ByteRanges {
 public:
  bool overlap(std::uint64_t begin, std::uint64_t end) const {
    const auto next = ranges_.upper_bound(begin);
    if (next != ranges_.end() && next->first < end) return true;
    return next != ranges_.begin() && std::prev(next)->second > begin;
  }

  // What overlaps or touches becomes one range.
  void add(std::uint64_t begin, std::uint64_t end) {
    auto next = ranges_.upper_bound(begin);
    if (next != ranges_.begin() && std::prev(next)->second >= begin) {
      --next;
      begin = next->first;
    }
    while (next != ranges_.end() && next->first <= end) {
      end = std::max(end, next->second);
      next = ranges_.erase(next);
    }
    ranges_[begin] = end;
  }

  // How far the bytes go without a gap from `begin` on.
  std::uint64_t end_from(std::uint64_t begin) const {
    const auto next = ranges_.upper_bound(begin);
    if (next == ranges_.begin()) return begin;
    return std::max(begin, std::prev(next)->second);
  }

  std::size_t count() const { return ranges_.size(); }

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // begin, end
};

}  // namespace sealift::server::vault
