// Map: from index to state, with one root that depends on nothing but what is in it, and proofs of
// what is in it and what isn't.
//
//   leaf = SHA-256( 0x02 index value )          node = SHA-256( 0x03 left right )
//   a missing child is 32 zeros; bit d of the index (from the first byte's highest) says left or
//   right below depth d; a leaf is at the first depth where it is alone, and never at the root
//
// Walking an index's bits down from a root ends at exactly one thing: a leaf of this index, another
// leaf, or nothing. So a root has one answer for each index, whoever made it. Random indexes of
// 2^30 addresses reach depth 62 or so; the depth is bounded against made-up ones.
//
// put() is cheap; root() hashes what changed since it was last asked. Not thread-safe; const
// functions may be called by many threads at once after root().
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "directory/entry.h"
#include "directory/map_proof.h"

namespace sealift::directory {

class Map {
 public:
  Map();

  // False: the index is too close to another one (kMapDepthMax), and nothing was changed.
  bool put(const Index& index, const State& state);
  std::optional<State> find(const Index& index) const;
  std::size_t size() const { return leaves_.size(); }

  const log::Hash& root();
  // Under the root that root() gave last; nothing was put since.
  MapProof prove(const Index& index) const;

 private:
  // A child: 0 for none, n > 0 for nodes_[n], n < 0 for leaves_[-n - 1].
  using Child = std::int32_t;
  struct Node {
    Child child[2] = {0, 0};
    bool is_hashed = false;
    log::Hash hash{};
  };
  struct Leaf {
    Index index{};
    State state;
  };

  bool split(Child parent, unsigned depth, const Index& index, Child leaf);
  log::Hash hash_of(Child child) const;
  void hash_below(Child child);

  std::vector<Node> nodes_;  // nodes_[0] is the root
  std::vector<Leaf> leaves_;
};

}  // namespace sealift::directory
