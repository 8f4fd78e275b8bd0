#include "log/merkle.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/byte_writer.h"
#include "base/hex.h"

namespace sealift::log {
namespace {

// RFC 6962 section 2.1 word for word, slow and obvious: the judge of everything else.
Hash obvious_root(std::span<const base::Bytes> entries) {
  if (entries.empty()) return crypto::sha256({});
  if (entries.size() == 1) {
    base::Bytes message{std::byte{0}};
    base::append(message, entries[0]);
    return crypto::sha256(message);
  }
  const std::size_t split = std::bit_floor(entries.size() - 1);
  base::Bytes message{std::byte{1}};
  base::append(message, obvious_root(entries.first(split)));
  base::append(message, obvious_root(entries.subspan(split)));
  return crypto::sha256(message);
}

class Entries final : public HashSource {
 public:
  explicit Entries(std::vector<base::Bytes> entries) : entries_(std::move(entries)) {}

  base::Result<Hash> subtree_hash(const Subtree& subtree) override {
    const std::size_t count = std::size_t{1} << subtree.height;
    return obvious_root(std::span(entries_).subspan(subtree.index * count, count));
  }
  Hash root(std::size_t size) const { return obvious_root(std::span(entries_).first(size)); }
  Hash leaf(std::size_t index) const { return leaf_hash(entries_[index]); }

 private:
  std::vector<base::Bytes> entries_;
};

Entries some_entries(std::size_t count) {
  std::vector<base::Bytes> entries;
  for (std::size_t i = 0; i < count; ++i) {
    base::ByteWriter entry;
    entry.u32_be(static_cast<std::uint32_t>(i * 2654435761u));
    entries.push_back(std::move(entry).take());
  }
  return Entries(std::move(entries));
}

std::string hex(const Hash& hash) { return base::hex_encode(hash); }

// The eight leaves and the roots over the first n of them that RFC 6962's implementations share.
TEST(MerkleTest, RootsAreThoseOfTheKnownTree) {
  std::vector<base::Bytes> leaves;
  for (const std::string_view text : {"", "00", "10", "2021", "3031", "40414243",
                                      "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(*base::hex_decode(text));
  }
  const std::string_view roots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Entries entries(leaves);
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(hex(*tree_root(entries, size)), roots[size]) << size;
  }
}

TEST(MerkleTest, EveryInclusionProofVerifiesAndNoOtherDoes) {
  Entries entries = some_entries(40);
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const Hash root = entries.root(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const Place place{index, size};
      auto path = *inclusion_path(entries, place);
      ASSERT_TRUE(verify_inclusion(entries.leaf(index), place, path, root));
      for (std::uint64_t other = 0; other < size; ++other) {
        EXPECT_EQ(verify_inclusion(entries.leaf(other), place, path, root), other == index);
        EXPECT_EQ(verify_inclusion(entries.leaf(index), {other, size}, path, root), other == index);
      }
      EXPECT_FALSE(verify_inclusion(entries.leaf(index), place, path, entries.root(size - 1)));
      path.push_back(root);
      EXPECT_FALSE(verify_inclusion(entries.leaf(index), place, path, root));
      path.pop_back();
      for (Hash& hash : path) {
        hash[7] ^= std::byte{4};
        EXPECT_FALSE(verify_inclusion(entries.leaf(index), place, path, root));
        hash[7] ^= std::byte{4};
      }
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(verify_inclusion(entries.leaf(index), place, path, root));
    }
  }
}

TEST(MerkleTest, EveryConsistencyProofVerifiesAndNoOtherDoes) {
  Entries entries = some_entries(40);
  Entries others = some_entries(41);
  for (std::uint64_t size = 0; size <= 40; ++size) {
    const TreeHead newer{size, entries.root(size)};
    for (std::uint64_t older_size = 0; older_size <= size; ++older_size) {
      const TreeHead older{older_size, entries.root(older_size)};
      auto path = *consistency_path(entries, older_size, size);
      ASSERT_TRUE(verify_consistency(older, newer, path)) << older_size << " " << size;
      EXPECT_FALSE(verify_consistency({older_size, leaf_hash({})}, newer, path));
      EXPECT_FALSE(verify_consistency(older, {size, leaf_hash({})}, path) && older_size != 0);
      path.push_back(newer.root);
      EXPECT_FALSE(verify_consistency(older, newer, path));
      path.pop_back();
      for (Hash& hash : path) {
        hash[0] ^= std::byte{1};
        EXPECT_FALSE(verify_consistency(older, newer, path));
        hash[0] ^= std::byte{1};
      }
    }
  }
}

TEST(MerkleTest, PlacesOutsideTheTreeAreRefused) {
  const Hash leaf = leaf_hash({});
  EXPECT_TRUE(verify_inclusion(leaf, {0, 1}, {}, leaf));
  EXPECT_FALSE(verify_inclusion(leaf, {0, 0}, {}, leaf));
  EXPECT_FALSE(verify_inclusion(leaf, {1, 1}, {}, leaf));
  EXPECT_FALSE(verify_consistency({2, leaf}, {1, leaf}, {}));
  EXPECT_FALSE(verify_consistency({0, leaf}, {1, leaf}, {}));
  EXPECT_FALSE(verify_consistency({1, leaf}, {2, leaf}, {}));
  EXPECT_FALSE(verify_consistency({3, leaf}, {7, leaf}, {}));
}

}  // namespace
}  // namespace sealift::log
