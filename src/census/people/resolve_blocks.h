// Blocking: which pairs of nodes are worth scoring, without looking at all of them.
//
// Nodes that share a key (a number, a phone, a birth date with the beginning of a name, a full
// name) make a block; pairs come from within blocks. Large blocks (a common name, a switchboard's
// phone) are cut: each node meets its neighbours there, and meets the others where more is shared.
// Deterministic; not thread-safe.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "census/people/resolve_features.h"

namespace sealift::census {

using NodePair = std::pair<std::uint32_t, std::uint32_t>;  // first < second

// Sorted, without repeats.
std::vector<NodePair> candidate_pairs(const FeatureTable& table);

// What all writings of one name have in common, whatever order, nicknames and middle names; one
// name has several. Hashes.
std::vector<std::uint64_t> name_keys(const MatchName& name);

}  // namespace sealift::census
