// A proof of what the directory's map has at an index: a state, or nothing.
//
//   proof   = end depth(u8) bitmap siblings
//   end     = 0x00                                nothing is there
//           | 0x01 how(u8) generation(u32) commitment(32)     the index's leaf
//           | 0x02 index(32) value(32)            the leaf of another index that shares `depth`
//           bits
//   depth   = 1 to 128, of what is there
//   bitmap  = one bit for each depth, from the root down, from each byte's highest: its sibling is
//             not 32 zeros; the last byte's unused bits are 0
//   siblings = 32 bytes for each bit set, from the root down
//
// All functions are thread-safe.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "directory/entry.h"

namespace sealift::directory {

inline constexpr unsigned kMapDepthMax = 128;

struct OtherLeaf {
  Index index{};
  crypto::Sha256Digest value{};

  friend bool operator==(const OtherLeaf&, const OtherLeaf&) = default;
};
struct NoLeaf {
  friend bool operator==(const NoLeaf&, const NoLeaf&) = default;
};

struct MapProof {
  std::variant<NoLeaf, State, OtherLeaf> end;
  std::vector<log::Hash> siblings;  // one a depth, from the root down; zeros: none

  friend bool operator==(const MapProof&, const MapProof&) = default;
};

base::Bytes encode_map_proof(const MapProof& proof);
// Errors: malformed.
base::Result<MapProof> parse_map_proof(base::ByteView bytes);

// What the map of that root has at `index`; nullopt: nothing. Errors: damaged (the proof shows
// neither).
base::Result<std::optional<State>> verify_map_proof(const MapProof& proof, const Index& index,
                                                    const log::Hash& root);

// Which way the index goes below `depth`.
unsigned bit_of(const Index& index, unsigned depth);
log::Hash map_leaf_hash(const Index& index, const crypto::Sha256Digest& value);
log::Hash map_node_hash(const log::Hash& left, const log::Hash& right);

}  // namespace sealift::directory
