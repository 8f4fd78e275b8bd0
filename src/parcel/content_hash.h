// The hash of one entry's content: a Merkle tree of SHA-256 over pieces of 1 MiB.
//
//   leaf := SHA-256(0x00 || piece)      every piece but the last is 1 MiB long
//   node := SHA-256(0x01 || left || right)
//   root := the tree of RFC 9162, section 2.1.1; of no pieces SHA-256 of nothing
//
// Each byte is hashed once, leaves on as many cores as there are, and a leaf that is known can be
// checked before the rest is there. docs/decisions says what it costs beside sealing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "crypto/sha256.h"

namespace sealift::parcel {

inline constexpr std::size_t kHashPieceSize = std::size_t{1} << 20;

crypto::Sha256Digest hash_piece(base::ByteView piece);

// A leaf whose piece arrives in parts. Not thread-safe.
class PieceHash {
 public:
  PieceHash();
  void update(base::ByteView part) { hash_.update(part); }
  crypto::Sha256Digest finish() { return hash_.finish(); }

 private:
  crypto::Sha256 hash_;
};

// Takes the leaves in order; keeps one digest for each level. Not thread-safe.
class ContentHash {
 public:
  void add_leaf(const crypto::Sha256Digest& leaf);

  // The root over the leaves so far. More leaves may follow.
  crypto::Sha256Digest root() const;

 private:
  // The roots of the complete subtrees, largest first: one for each bit set in leaf_count_.
  std::vector<crypto::Sha256Digest> subtrees_;
  std::uint64_t leaf_count_ = 0;
};

// Of content that is in memory whole.
crypto::Sha256Digest content_hash(base::ByteView content);

}  // namespace sealift::parcel
