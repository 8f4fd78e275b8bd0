#include "directory/map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/hex.h"

namespace sealift::directory {
namespace {

// The definition, read off the page: no nodes are kept, each subtree is hashed from its members.
log::Hash slow_below(const std::vector<std::pair<Index, State>>& members, unsigned depth) {
  if (depth > 0 && members.empty()) return {};
  if (depth > 0 && members.size() == 1)
    return map_leaf_hash(members[0].first, value_of(members[0].second));
  std::vector<std::pair<Index, State>> sides[2];
  for (const auto& each : members) sides[bit_of(each.first, depth)].push_back(each);
  return map_node_hash(slow_below(sides[0], depth + 1), slow_below(sides[1], depth + 1));
}
log::Hash slow_root(const std::map<Index, State>& all) {
  return slow_below({all.begin(), all.end()}, 0);
}

class Numbers {
 public:
  std::array<std::byte, 32> bytes() {
    std::array<std::byte, 32> out;
    for (std::byte& each : out) each = static_cast<std::byte>(engine_());
    return out;
  }
  // Near one another in the first bytes, so that paths are long.
  Index near(unsigned same_bytes) {
    Index out = bytes();
    std::fill_n(out.begin(), same_bytes, std::byte{0x5a});
    return out;
  }
  State state() {
    return {.how = How::rotated,
            .generation = 1 + static_cast<std::uint32_t>(engine_() % 9U),
            .commitment = bytes()};
  }
  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_{7};
};

TEST(MapTest, ItsRootIsTheDefinitionsWhateverIsPut) {
  Numbers numbers;
  Map map;
  std::map<Index, State> truth;
  EXPECT_EQ(map.root(), slow_root(truth));
  for (int i = 0; i < 300; ++i) {
    const bool is_again = i % 4 == 3;
    auto index = numbers.near(i % 9 == 0 ? 12U : static_cast<unsigned>(i % 3));
    if (is_again)
      index =
          std::next(truth.begin(), static_cast<std::ptrdiff_t>(numbers.engine()() % truth.size()))
              ->first;
    const State state = numbers.state();
    ASSERT_TRUE(map.put(index, state));
    truth[index] = state;
    if (i % 7 == 0 || i > 280) {
      ASSERT_EQ(map.root(), slow_root(truth)) << i;
    }
  }
  EXPECT_EQ(map.size(), truth.size());
}

TEST(MapTest, ItsRootDoesNotKnowTheOrder) {
  Numbers numbers;
  std::vector<std::pair<Index, State>> all;
  for (unsigned i = 0; i < 200; ++i) all.emplace_back(numbers.near(i % 4), numbers.state());
  Map first;
  for (const auto& [index, state] : all) ASSERT_TRUE(first.put(index, state));
  for (int round = 0; round < 5; ++round) {
    std::ranges::shuffle(all, numbers.engine());
    Map other;
    for (const auto& [index, state] : all) {
      ASSERT_TRUE(other.put(index, numbers.state()));  // what it was before leaves no trace
      ASSERT_TRUE(other.put(index, state));
    }
    EXPECT_EQ(other.root(), first.root());
  }
}

TEST(MapTest, EveryIndexHasOneAnswerWithAProof) {
  Numbers numbers;
  Map map;
  std::map<Index, State> truth;
  for (unsigned i = 0; i < 400; ++i) {
    const Index index = numbers.near(i % 5);
    truth[index] = numbers.state();
    ASSERT_TRUE(map.put(index, truth[index]));
  }
  const log::Hash root = map.root();
  const auto check = [&](const Index& index) {
    const MapProof proof = map.prove(index);
    const auto parsed = parse_map_proof(encode_map_proof(proof));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(*parsed, proof);
    const auto found = verify_map_proof(proof, index, root);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, map.find(index));
    EXPECT_EQ(found->has_value(), truth.contains(index));
    log::Hash other_root = root;
    other_root[5] ^= std::byte{4};
    EXPECT_FALSE(verify_map_proof(proof, index, other_root).has_value());
  };
  for (const auto& [index, state] : truth) check(index);
  for (unsigned i = 0; i < 400; ++i) check(numbers.near(i % 6));
  Map empty;
  EXPECT_EQ(
      *verify_map_proof(empty.prove(truth.begin()->first), truth.begin()->first, empty.root()),
      std::nullopt);
}

TEST(MapTest, NoProofShowsAnotherAnswer) {
  Numbers numbers;
  Map map;
  std::vector<Index> indexes;
  for (unsigned i = 0; i < 40; ++i) {
    indexes.push_back(numbers.near(i % 3));
    ASSERT_TRUE(map.put(indexes.back(), numbers.state()));
  }
  const log::Hash root = map.root();
  for (const Index& index : indexes) {
    const MapProof true_proof = map.prove(index);
    MapProof changed = true_proof;
    std::get<State>(changed.end).generation += 1;
    EXPECT_FALSE(verify_map_proof(changed, index, root).has_value());
    changed.end = NoLeaf{};
    EXPECT_FALSE(verify_map_proof(changed, index, root).has_value()) << "absent, it says";
    changed.end = OtherLeaf{index, value_of(std::get<State>(true_proof.end))};
    EXPECT_FALSE(verify_map_proof(changed, index, root).has_value()) << "another leaf, it says";
    // Another index's true proof, for this one.
    for (const Index& other : indexes) {
      if (other == index) continue;
      const auto found = verify_map_proof(map.prove(other), index, root);
      EXPECT_FALSE(found.has_value());
    }
  }
}

TEST(MapTest, EveryFlippedBitOfAProofIsRefused) {
  Numbers numbers;
  Map map;
  Index index{};
  for (int i = 0; i < 20; ++i) {
    index = numbers.bytes();
    ASSERT_TRUE(map.put(index, numbers.state()));
  }
  const log::Hash root = map.root();
  for (const Index& asked : {index, numbers.bytes(), numbers.bytes(), numbers.bytes()}) {
    const base::Bytes true_bytes = encode_map_proof(map.prove(asked));
    for (std::size_t bit = 0; bit < true_bytes.size() * 8; ++bit) {
      base::Bytes bytes = true_bytes;
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      const auto parsed = parse_map_proof(bytes);
      if (!parsed) continue;
      // Of another leaf, the bits below its place are free: the answer stays "nothing".
      const auto found = verify_map_proof(*parsed, asked, root);
      if (found) ADD_FAILURE() << "bit " << bit;
    }
    for (std::size_t size = 0; size < true_bytes.size(); ++size)
      EXPECT_FALSE(parse_map_proof(base::ByteView(true_bytes).first(size)).has_value());
  }
}

TEST(MapTest, IndexesMadeToBeNearAreRefused) {
  Numbers numbers;
  Map map;
  ASSERT_TRUE(map.put(numbers.near(16), numbers.state()));
  const log::Hash before = map.root();
  EXPECT_FALSE(map.put(numbers.near(16), numbers.state()));
  EXPECT_EQ(map.root(), before);
  EXPECT_EQ(map.size(), 1U);
  ASSERT_TRUE(map.put(numbers.near(15), numbers.state()));
}

}  // namespace
}  // namespace sealift::directory
