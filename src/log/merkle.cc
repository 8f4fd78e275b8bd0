#include "log/merkle.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace sealift::log {

using base::Result;

namespace {

constexpr std::byte kLeafPrefix{0};
constexpr std::byte kNodePrefix{1};

// Leaves [begin, end) of a tree.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  // Where RFC 6962 splits it: the largest power of two below its size. Two leaves or more.
  std::uint64_t split() const { return begin + std::bit_floor(size() - 1); }
};

// MTH(D[begin:end]), not empty. Every such range that a proof needs starts at a multiple of the
// power of two that it is split at, so its perfect parts are subtrees of the source.
Result<Hash> range_root(HashSource& source, Range range) {
  if (std::has_single_bit(range.size())) {
    const auto height = static_cast<unsigned>(std::countr_zero(range.size()));
    return source.subtree_hash({.height = height, .index = range.begin >> height});
  }
  const std::uint64_t middle = range.split();
  SEALIFT_TRY(const Hash left, range_root(source, {range.begin, middle}));
  SEALIFT_TRY(const Hash right, range_root(source, {middle, range.end}));
  return node_hash(left, right);
}

}  // namespace

Hash leaf_hash(base::ByteView entry) {
  crypto::Sha256 hash;
  hash.update(std::span(&kLeafPrefix, 1));
  hash.update(entry);
  return hash.finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::byte, 1 + 2 * crypto::kSha256Size> message;
  message[0] = kNodePrefix;
  std::ranges::copy(left, message.begin() + 1);
  std::ranges::copy(right, message.begin() + 1 + crypto::kSha256Size);
  return crypto::sha256(message);
}

Hash empty_root() { return crypto::sha256({}); }

Hash perfect_root(std::span<const Hash> hashes) {
  SEALIFT_CHECK(std::has_single_bit(hashes.size()));
  if (hashes.size() == 1) return hashes[0];
  const std::size_t half = hashes.size() / 2;
  return node_hash(perfect_root(hashes.first(half)), perfect_root(hashes.subspan(half)));
}

bool verify_inclusion(const Hash& leaf, const Place& place, std::span<const Hash> path,
                      const Hash& root) {
  if (place.index >= place.tree_size) return false;
  std::uint64_t node = place.index;
  std::uint64_t last = place.tree_size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : path) {
    if (last == 0) return false;
    if (node % 2 == 1 || node == last) {
      hash = node_hash(sibling, hash);
      while (node % 2 == 0 && node != 0) {
        node /= 2;
        last /= 2;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node /= 2;
    last /= 2;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(const TreeHead& older, const TreeHead& newer, std::span<const Hash> path) {
  if (older.size > newer.size) return false;
  if (older.size == newer.size) return path.empty() && older.root == newer.root;
  if (older.size == 0) return path.empty() && older.root == empty_root();
  std::uint64_t node = older.size - 1;
  std::uint64_t last = newer.size - 1;
  while (node % 2 == 1) {
    node /= 2;
    last /= 2;
  }
  // The older tree is one perfect subtree: its root needs no place in the path.
  Hash first = older.root;
  if (!std::has_single_bit(older.size)) {
    if (path.empty()) return false;
    first = path[0];
    path = path.subspan(1);
  }
  Hash older_hash = first;
  Hash newer_hash = first;
  for (const Hash& sibling : path) {
    if (last == 0) return false;
    if (node % 2 == 1 || node == last) {
      older_hash = node_hash(sibling, older_hash);
      newer_hash = node_hash(sibling, newer_hash);
      while (node % 2 == 0 && node != 0) {
        node /= 2;
        last /= 2;
      }
    } else {
      newer_hash = node_hash(newer_hash, sibling);
    }
    node /= 2;
    last /= 2;
  }
  return last == 0 && older_hash == older.root && newer_hash == newer.root;
}

Result<Hash> tree_root(HashSource& source, std::uint64_t tree_size) {
  if (tree_size == 0) return empty_root();
  return range_root(source, {0, tree_size});
}

// RFC 6962 section 2.1.1, from the root down; the path is told from the leaf up.
Result<std::vector<Hash>> inclusion_path(HashSource& source, const Place& place) {
  SEALIFT_CHECK(place.index < place.tree_size);
  std::vector<Hash> path;
  Range range{0, place.tree_size};
  while (range.size() > 1) {
    const std::uint64_t middle = range.split();
    const bool is_left = place.index < middle;
    const Range sibling = is_left ? Range{middle, range.end} : Range{range.begin, middle};
    range = is_left ? Range{range.begin, middle} : Range{middle, range.end};
    SEALIFT_TRY(const Hash hash, range_root(source, sibling));
    path.push_back(hash);
  }
  std::ranges::reverse(path);
  return path;
}

// RFC 6962 section 2.1.2: SUBPROOF, from the root down.
Result<std::vector<Hash>> consistency_path(HashSource& source, std::uint64_t older_size,
                                           std::uint64_t newer_size) {
  SEALIFT_CHECK(older_size <= newer_size);
  std::vector<Hash> path;
  if (older_size == 0 || older_size == newer_size) return path;
  Range range{0, newer_size};
  while (range.end != older_size) {
    const std::uint64_t middle = range.split();
    const bool goes_left = older_size <= middle;
    const Range sibling = goes_left ? Range{middle, range.end} : Range{range.begin, middle};
    range = goes_left ? Range{range.begin, middle} : Range{middle, range.end};
    SEALIFT_TRY(const Hash hash, range_root(source, sibling));
    path.push_back(hash);
  }
  if (range.begin != 0) {  // from 0 it would be the older root itself, which the verifier has
    SEALIFT_TRY(const Hash hash, range_root(source, range));
    path.push_back(hash);
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace sealift::log
