#include "base/nearest.h"

#include <algorithm>
#include <vector>

namespace sealift::base {
namespace {

constexpr std::size_t kChangesMax = 2;
constexpr std::size_t kWordMax = 64;

// Optimal string alignment distance (Damerau 1964), three rows at a time.
std::size_t changes(std::string_view one, std::string_view other) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(other.size() + 1);
  for (std::size_t j = 0; j < last.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::vector<std::size_t> row(other.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t change = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool is_swapped =
          i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view typed,
                                        std::span<const std::string_view> known) {
  if (typed.size() > kWordMax) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = std::min(kChangesMax, typed.size() / 2) + 1;
  for (const std::string_view word : known) {
    const std::size_t needed = changes(typed, word);
    if (needed >= fewest) continue;
    fewest = needed;
    best = word;
  }
  return best;
}

}  // namespace sealift::base
