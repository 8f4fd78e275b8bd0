#include "census/people/resolve_cluster.h"

#include <algorithm>

namespace sealift::census {
namespace {

template <typename T>
void append_new(std::vector<T>& to, const std::vector<T>& from) {
  for (const T& item : from)
    if (std::ranges::find(to, item) == to.end()) to.push_back(item);
}

// Both sorted. A value read without OCR by one of them counts as read without.
void merge_links(std::vector<Link>& to, const std::vector<Link>& from) {
  to.insert(to.end(), from.begin(), from.end());
  std::ranges::sort(to, [](const Link& a, const Link& b) {
    if (a.type != b.type) return a.type < b.type;
    return a.value != b.value ? a.value < b.value : a.recognised < b.recognised;
  });
  const auto repeats = std::unique(to.begin(), to.end(), [](const Link& a, const Link& b) {
    return a.type == b.type && a.value == b.value;
  });
  to.erase(repeats, to.end());
}

}  // namespace

Clusters::Clusters(const FeatureTable& table, const Scorer& scorer,
                   const std::vector<std::pair<std::uint32_t, std::uint32_t>>& apart)
    : table_(table),
      scorer_(scorer),
      parent_(table.nodes().size()),
      groups_(table.nodes().begin(), table.nodes().end()),
      apart_(parent_.size()),
      size_(parent_.size(), 1) {
  for (std::uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
  for (const auto& [a, b] : apart) {
    if (a == b) continue;
    apart_[a].push_back(b);
    apart_[b].push_back(a);
  }
}

std::uint32_t Clusters::find(std::uint32_t node) const {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

bool Clusters::must_stay_apart(std::uint32_t a, std::uint32_t b) const {
  if (apart_[a].size() > apart_[b].size()) std::swap(a, b);
  return std::ranges::any_of(apart_[a], [&](std::uint32_t node) { return find(node) == b; });
}

bool Clusters::names_clash(const Node& a, const Node& b, bool sure) const {
  for (const std::uint32_t x : a.names) {
    for (const std::uint32_t y : b.names) {
      const NameAgreement names = compare_names(table_.name(x), table_.name(y));
      if (names.generation_clash || names.middle_clash) return true;
      if (names.given == GivenAgreement::different) return true;
      if (!sure && names.family == FamilyAgreement::different && !is_joined_family(a, b, x, y))
        return true;
    }
  }
  return false;
}

// "Girard" and "Lambert" are one family where somebody is called Girard-Lambert.
bool Clusters::is_joined_family(const Node& a, const Node& b, std::uint32_t x,
                                std::uint32_t y) const {
  const auto holds = [&](std::uint32_t whole) {
    const std::vector<std::string>& family = table_.name(whole).family;
    const auto has = [&](const std::string& part) {
      return std::ranges::find(family, part) != family.end();
    };
    return std::ranges::all_of(table_.name(x).family, has) &&
           std::ranges::all_of(table_.name(y).family, has);
  };
  return std::ranges::any_of(a.names, holds) || std::ranges::any_of(b.names, holds);
}

bool Clusters::clash(std::uint32_t a, std::uint32_t b) const {
  if (must_stay_apart(a, b)) return true;
  const Score score = scorer_.score(groups_[a], groups_[b]);
  if (score.veto) return true;
  return names_clash(groups_[a], groups_[b],
                     score.has(Ground::identifier) || score.has(Ground::birth_date));
}

std::uint32_t Clusters::join(std::uint32_t a, std::uint32_t b) {
  if (size_[a] < size_[b] || (size_[a] == size_[b] && a > b)) std::swap(a, b);
  parent_[b] = a;
  size_[a] += size_[b];
  append_new(groups_[a].names, groups_[b].names);
  append_new(groups_[a].births, groups_[b].births);
  merge_links(groups_[a].links, groups_[b].links);
  groups_[a].child = groups_[a].child || groups_[b].child;
  groups_[a].parent = groups_[a].parent || groups_[b].parent;
  groups_[a].staff = groups_[a].staff && groups_[b].staff;
  groups_[a].recognised = groups_[a].recognised && groups_[b].recognised;
  groups_[a].uncertain = groups_[a].uncertain && groups_[b].uncertain;
  apart_[a].insert(apart_[a].end(), apart_[b].begin(), apart_[b].end());
  groups_[b] = {};
  apart_[b] = {};
  return a;
}

}  // namespace sealift::census
