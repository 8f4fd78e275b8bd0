// The Merkle tree of RFC 6962 section 2.1 with SHA-256: hashes, proofs, and how proofs are judged.
//
//   MTH({})          = SHA-256("")
//   MTH({entry})     = SHA-256(0x00 || entry)
//   MTH(D[0:n])      = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])),  k the largest power of 2 below
//   n
//
// Verifying needs bytes alone. Proving needs a HashSource, which knows the tree's perfect subtrees.
// All functions are thread-safe; a HashSource says for itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sha256.h"

namespace sealift::log {

using Hash = crypto::Sha256Digest;

Hash leaf_hash(base::ByteView entry);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();
// The root over 2^n hashes of one height.
Hash perfect_root(std::span<const Hash> hashes);

// An entry's place in a tree of some size.
struct Place {
  std::uint64_t index = 0;
  std::uint64_t tree_size = 0;
};

// Whether `path` shows that `leaf` stands at `place` under `root` (RFC 9162 section 2.1.3.2).
bool verify_inclusion(const Hash& leaf, const Place& place, std::span<const Hash> path,
                      const Hash& root);

struct TreeHead {
  std::uint64_t size = 0;
  Hash root{};

  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// Whether `path` shows that `newer` begins with all of `older` (RFC 9162 section 2.1.4.2). The
// empty tree is the beginning of every tree, with an empty path.
bool verify_consistency(const TreeHead& older, const TreeHead& newer, std::span<const Hash> path);

// The `index`-th subtree of 2^height leaves.
struct Subtree {
  unsigned height = 0;
  std::uint64_t index = 0;
};

class HashSource {
 public:
  virtual ~HashSource() = default;
  // Asked only for subtrees that lie in the tree whole. Errors: not_found, malformed, io.
  virtual base::Result<Hash> subtree_hash(const Subtree& subtree) = 0;
};

// Errors of all three: those of the source.
base::Result<Hash> tree_root(HashSource& source, std::uint64_t tree_size);
// place.index < place.tree_size.
base::Result<std::vector<Hash>> inclusion_path(HashSource& source, const Place& place);
// older_size <= newer_size.
base::Result<std::vector<Hash>> consistency_path(HashSource& source, std::uint64_t older_size,
                                                 std::uint64_t newer_size);

}  // namespace sealift::log
