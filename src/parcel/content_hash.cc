#include "parcel/content_hash.h"

#include <algorithm>

namespace sealift::parcel {
namespace {

constexpr std::byte kLeafPrefix{0};
constexpr std::byte kNodePrefix{1};

crypto::Sha256Digest hash_node(const crypto::Sha256Digest& left,
                               const crypto::Sha256Digest& right) {
  crypto::Sha256 hash;
  hash.update({&kNodePrefix, 1});
  hash.update(left);
  hash.update(right);
  return hash.finish();
}

}  // namespace

PieceHash::PieceHash() { hash_.update({&kLeafPrefix, 1}); }

crypto::Sha256Digest hash_piece(base::ByteView piece) {
  PieceHash hash;
  hash.update(piece);
  return hash.finish();
}

void ContentHash::add_leaf(const crypto::Sha256Digest& leaf) {
  crypto::Sha256Digest subtree = leaf;
  // As in adding one to a binary number: every set bit from the right is carried.
  for (std::uint64_t bits = leaf_count_; (bits & 1) != 0; bits >>= 1) {
    subtree = hash_node(subtrees_.back(), subtree);
    subtrees_.pop_back();
  }
  subtrees_.push_back(subtree);
  ++leaf_count_;
}

crypto::Sha256Digest ContentHash::root() const {
  if (subtrees_.empty()) return crypto::sha256({});
  crypto::Sha256Digest root = subtrees_.back();
  for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left)
    root = hash_node(*left, root);
  return root;
}

crypto::Sha256Digest content_hash(base::ByteView content) {
  ContentHash hash;
  while (!content.empty()) {
    const std::size_t size = std::min(kHashPieceSize, content.size());
    hash.add_leaf(hash_piece(content.first(size)));
    content = content.subspan(size);
  }
  return hash.root();
}

}  // namespace sealift::parcel
