#include "census/people/resolve_blocks.h"

#include <algorithm>

#include "census/names/match_nickname.h"

namespace sealift::census {
namespace {

constexpr std::size_t kWholeBlockMax = 48;  // larger blocks meet neighbours only
constexpr std::size_t kNeighbours = 12;
constexpr std::size_t kGivenNamesInKeysMax = 3;

struct Entry {
  std::uint64_t key;
  std::uint32_t node;

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14
  auto operator<=>(const Entry&) const = default;
};

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash ^ (hash >> 31);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  std::uint64_t hash = (a ^ (b * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
  return hash ^ (hash >> 30);
}

// Birth date and the first letters of any name part: twins apart, slips together.
void add_birth_keys(const FeatureTable& table, const Node& node, std::vector<std::uint64_t>& keys) {
  const auto add_day = [&](std::int32_t day) {
    if (day == 0) return;
    for (const std::uint32_t at : node.names) {
      const MatchName& name = table.name(at);
      for (const std::string& part : name.family)
        keys.push_back(mixed(static_cast<std::uint32_t>(day),
                             hash_text(std::string_view(part).substr(0, 3), 2)));
      if (!name.given.empty())
        keys.push_back(mixed(static_cast<std::uint32_t>(day),
                             hash_text(std::string_view(name.given[0]).substr(0, 3), 3)));
    }
  };
  for (const Birth& birth : node.births) {
    add_day(birth.day);
    add_day(birth.swapped);
  }
}

void add_keys(const FeatureTable& table, const Node& node, std::vector<std::uint64_t>& keys) {
  for (const Link& link : node.links) keys.push_back(mixed(link.value, 1));
  add_birth_keys(table, node, keys);
  for (const std::uint32_t at : node.names) {
    const std::vector<std::uint64_t> of_name = name_keys(table.name(at));
    keys.insert(keys.end(), of_name.begin(), of_name.end());
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

void add_pairs(std::vector<Entry>::const_iterator begin, std::vector<Entry>::const_iterator end,
               std::vector<NodePair>& pairs) {
  const auto size = static_cast<std::size_t>(end - begin);
  const std::size_t reach = size <= kWholeBlockMax ? size : kNeighbours;
  for (auto a = begin; a != end; ++a)
    for (auto b = a + 1; b != end && static_cast<std::size_t>(b - a) <= reach; ++b)
      pairs.emplace_back(a->node, b->node);
}

}  // namespace

std::vector<std::uint64_t> name_keys(const MatchName& name) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < std::min(name.given.size(), kGivenNamesInKeysMax); ++i) {
    if (name.given[i].size() < 2) continue;
    const std::string_view given = nickname_root(name.given[i]);
    for (const std::string& family : name.family) {
      const std::uint64_t a = hash_text(given, 4);
      const std::uint64_t b = hash_text(family, 4);
      keys.push_back(mixed(std::min(a, b), std::max(a, b)));
      // A slip behind the beginning of the surname: "Schwarttz".
      if (family.size() >= 5)
        keys.push_back(mixed(a, hash_text(std::string_view(family).substr(0, 4), 5)));
    }
  }
  return keys;
}

std::vector<NodePair> candidate_pairs(const FeatureTable& table) {
  std::vector<Entry> entries;
  std::vector<std::uint64_t> keys;
  for (std::uint32_t at = 0; at < table.nodes().size(); ++at) {
    keys.clear();
    add_keys(table, table.nodes()[at], keys);
    for (const std::uint64_t key : keys) entries.push_back({key, at});
  }
  std::ranges::sort(entries);
  std::vector<NodePair> pairs;
  for (auto begin = entries.cbegin(); begin != entries.cend();) {
    auto end = begin;
    while (end != entries.cend() && end->key == begin->key) ++end;
    add_pairs(begin, end, pairs);
    begin = end;
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace sealift::census
