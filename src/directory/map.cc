#include "directory/map.h"

#include "base/check.h"

namespace sealift::directory {

Map::Map() : nodes_(1) { static_cast<void>(root()); }

bool Map::put(const Index& index, const State& state) {
  // Down to where the index's bits lead; what is passed has to be hashed again.
  std::vector<Child> passed;
  Child at = 0;
  for (unsigned depth = 0; depth < kMapDepthMax; ++depth) {
    passed.push_back(at);
    Child& next = nodes_[static_cast<std::size_t>(at)].child[bit_of(index, depth)];
    if (next > 0) {
      at = next;
      continue;
    }
    if (next < 0 && leaves_[static_cast<std::size_t>(-next - 1)].index == index) {
      leaves_[static_cast<std::size_t>(-next - 1)].state = state;
    } else {
      const Child leaf = -static_cast<Child>(leaves_.size()) - 1;
      const bool is_new = next == 0;
      if (!is_new && !split(at, depth, index, leaf)) return false;
      if (is_new) next = leaf;
      leaves_.push_back({index, state});
    }
    for (const Child node : passed) nodes_[static_cast<std::size_t>(node)].is_hashed = false;
    return true;
  }
  return false;
}

// Makes nodes below `parent` until the leaf there and the new one go different ways.
bool Map::split(Child parent, unsigned depth, const Index& index, Child leaf) {
  const unsigned way = bit_of(index, depth);
  const Child old = nodes_[static_cast<std::size_t>(parent)].child[way];
  const Index other = leaves_[static_cast<std::size_t>(-old - 1)].index;
  unsigned fork = depth + 1;
  while (fork < kMapDepthMax && bit_of(index, fork) == bit_of(other, fork)) ++fork;
  if (fork == kMapDepthMax) return false;
  Child above = parent;
  for (unsigned at = depth; at < fork; ++at) {
    const auto node = static_cast<Child>(nodes_.size());
    nodes_.emplace_back();
    nodes_[static_cast<std::size_t>(above)].child[bit_of(index, at)] = node;
    above = node;
  }
  Node& last = nodes_[static_cast<std::size_t>(above)];
  last.child[bit_of(index, fork)] = leaf;
  last.child[bit_of(other, fork)] = old;
  return true;
}

std::optional<State> Map::find(const Index& index) const {
  Child at = 0;
  for (unsigned depth = 0; depth < kMapDepthMax; ++depth) {
    at = nodes_[static_cast<std::size_t>(at)].child[bit_of(index, depth)];
    if (at == 0) return std::nullopt;
    if (at > 0) continue;
    const Leaf& leaf = leaves_[static_cast<std::size_t>(-at - 1)];
    return leaf.index == index ? std::optional(leaf.state) : std::nullopt;
  }
  return std::nullopt;
}

log::Hash Map::hash_of(Child child) const {
  if (child == 0) return {};
  if (child > 0) return nodes_[static_cast<std::size_t>(child)].hash;
  const Leaf& leaf = leaves_[static_cast<std::size_t>(-child - 1)];
  return map_leaf_hash(leaf.index, value_of(leaf.state));
}

// At most kMapDepthMax calls deep.
void Map::hash_below(Child child) {
  Node& node = nodes_[static_cast<std::size_t>(child)];
  if (node.is_hashed) return;
  for (const Child each : node.child)
    if (each > 0) hash_below(each);
  node.hash = map_node_hash(hash_of(node.child[0]), hash_of(node.child[1]));
  node.is_hashed = true;
}

const log::Hash& Map::root() {
  hash_below(0);
  return nodes_[0].hash;
}

MapProof Map::prove(const Index& index) const {
  SEALIFT_CHECK(nodes_[0].is_hashed);
  MapProof proof;
  Child at = 0;
  for (unsigned depth = 0; depth < kMapDepthMax; ++depth) {
    const Node& node = nodes_[static_cast<std::size_t>(at)];
    const unsigned way = bit_of(index, depth);
    proof.siblings.push_back(hash_of(node.child[1 - way]));
    at = node.child[way];
    if (at > 0) continue;
    if (at == 0) return proof;
    const Leaf& leaf = leaves_[static_cast<std::size_t>(-at - 1)];
    if (leaf.index == index) {
      proof.end = leaf.state;
    } else {
      proof.end = OtherLeaf{leaf.index, value_of(leaf.state)};
    }
    return proof;
  }
  SEALIFT_CHECK(false);
}

}  // namespace sealift::directory
