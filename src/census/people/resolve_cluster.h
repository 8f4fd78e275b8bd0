// Clusters of nodes: a union-find whose every group knows what its members say, so that a veto of
// any member is a veto of the group. Not thread-safe.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "census/people/resolve_features.h"
#include "census/people/resolve_score.h"

namespace sealift::census {

class Clusters {
 public:
  // Borrows both, which outlive this. `apart`: pairs of nodes that must not meet.
  Clusters(const FeatureTable& table, const Scorer& scorer,
           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& apart);

  std::uint32_t find(std::uint32_t node) const;
  const Node& group(std::uint32_t root) const { return groups_[root]; }

  // Would joining the groups of these roots put two people together?
  bool clash(std::uint32_t a, std::uint32_t b) const;

  // Joins whatever clash() says; gives the new root.
  std::uint32_t join(std::uint32_t a, std::uint32_t b);

 private:
  bool must_stay_apart(std::uint32_t a, std::uint32_t b) const;
  bool names_clash(const Node& a, const Node& b, bool sure) const;

  bool is_joined_family(const Node& a, const Node& b, std::uint32_t x, std::uint32_t y) const;

  const FeatureTable& table_;
  const Scorer& scorer_;
  mutable std::vector<std::uint32_t> parent_;
  std::vector<Node> groups_;
  std::vector<std::vector<std::uint32_t>> apart_;  // of each root, nodes that it must not meet
  std::vector<std::uint32_t> size_;
};

}  // namespace sealift::census
