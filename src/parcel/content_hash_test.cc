#include "parcel/content_hash.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::parcel {
namespace {

using crypto::Sha256Digest;

// RFC 9162, section 2.1.1, word for word and slow: the oracle.
Sha256Digest merkle_tree_hash(std::span<const Sha256Digest> leaves) {
  if (leaves.empty()) return crypto::sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  base::Bytes node{std::byte{1}};
  base::append(node, merkle_tree_hash(leaves.first(k)));
  base::append(node, merkle_tree_hash(leaves.subspan(k)));
  return crypto::sha256(node);
}

TEST(ContentHashTest, EqualsTheTreeOfTheRfcForEveryCount) {
  std::vector<Sha256Digest> leaves;
  ContentHash hash;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(hash.root(), merkle_tree_hash(leaves)) << i << " leaves";
    leaves.push_back(hash_piece(base::bytes_of(std::to_string(i))));
    hash.add_leaf(leaves.back());
  }
}

TEST(ContentHashTest, KnownValues) {
  // printf '\0abc' | sha256sum
  EXPECT_EQ(base::hex_encode(content_hash(base::bytes_of("abc"))),
            "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1");
  EXPECT_EQ(base::hex_encode(content_hash({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(ContentHashTest, PiecesAreOneMebibyte) {
  const base::Bytes content(2 * kHashPieceSize + 1, std::byte{7});
  ContentHash hash;
  hash.add_leaf(hash_piece(base::ByteView(content).first(kHashPieceSize)));
  hash.add_leaf(hash_piece(base::ByteView(content).subspan(kHashPieceSize, kHashPieceSize)));
  hash.add_leaf(hash_piece(base::ByteView(content).last(1)));
  EXPECT_EQ(content_hash(content), hash.root());
}

}  // namespace
}  // namespace sealift::parcel
