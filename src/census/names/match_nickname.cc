#include "census/names/match_nickname.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sealift::census {
namespace {

// One group a line, the full form first.
constexpr std::string_view kGroups[] = {
#include "census/words/nicknames.inc"
};

using Groups = std::vector<std::uint16_t>;

const std::unordered_map<std::string_view, Groups>& groups_by_form() {
  static const auto all = [] {
    std::unordered_map<std::string_view, Groups> map;
    for (std::size_t at = 0; at < std::size(kGroups); ++at) {
      std::string_view rest = kGroups[at];
      while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        map[rest.substr(0, space)].push_back(static_cast<std::uint16_t>(at));
        rest.remove_prefix(std::min(space + 1, rest.size()));
      }
    }
    return map;
  }();
  return all;
}

}  // namespace

bool is_nickname_pair(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto& map = groups_by_form();
  const auto in_a = map.find(a);
  const auto in_b = map.find(b);
  if (in_a == map.end() || in_b == map.end()) return false;
  return std::ranges::any_of(in_a->second, [&](std::uint16_t group) {
    return std::ranges::find(in_b->second, group) != in_b->second.end();
  });
}

std::string_view nickname_root(std::string_view name) {
  const auto& map = groups_by_form();
  const auto found = map.find(name);
  if (found == map.end() || found->second.size() != 1) return name;
  const std::string_view group = kGroups[found->second.front()];
  return group.substr(0, group.find(' '));
}

}  // namespace sealift::census
