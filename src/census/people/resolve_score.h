// How much two records speak for being one person: Fellegi-Sunter weights in bits, and vetoes.
//
// Each agreement adds log2(P(agree | same) / P(agree | two people)); rare names add more than
// common ones, by their frequency in the case itself. What one household shares (phone, address,
// surname) adds little and never carries a link between different first names. A veto is a fact
// that no amount of agreement outweighs: another health number, another birth date, father and son.
// Immutable once made: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "census/people/resolve_features.h"

namespace sealift::census {

// What stands behind a score; a set of these is kept with every merge.
enum class Ground : std::uint16_t {
  identifier = 1U << 0,
  account = 1U << 1,
  email = 1U << 2,
  birth_date = 1U << 3,
  phone = 1U << 4,
  address = 1U << 5,
  property = 1U << 6,
  name = 1U << 7,         // first and last name agree
  name_likely = 1U << 8,  // nickname, initial, part or slip
  middle_name = 1U << 9,
  only_of_that_name = 1U << 10,  // nobody else in the case could be meant
  decided = 1U << 11,            // somebody said so
};

constexpr std::uint16_t bit(Ground ground) { return static_cast<std::uint16_t>(ground); }

struct Score {
  bool veto = false;
  float bits = 0;  // above 0: more likely one person than two
  std::uint16_t grounds = 0;

  bool has(Ground ground) const { return (grounds & bit(ground)) != 0; }
  // Anything besides the name itself.
  bool has_shared_value() const {
    return (grounds & ~(bit(Ground::name) | bit(Ground::name_likely) | bit(Ground::middle_name))) !=
           0;
  }
};

class Scorer {
 public:
  // Borrows `table`, which outlives the scorer and does not change.
  explicit Scorer(const FeatureTable& table);

  Score score(const Node& a, const Node& b) const;

 private:
  struct NameScore {
    bool agrees = false;
    bool clashes = false;
    bool likely = false;  // not equal, but a usual variant
    bool slip = false;    // a first name one letter off
    bool family_differs = false;
    bool generation_one_sided = false;
    bool middle_equal = false;
    float bits = 0;
  };

  NameScore score_names(const Node& a, const Node& b) const;
  NameScore score_name_pair(const MatchName& a, const MatchName& b) const;
  float given_bits(const MatchName& name) const;
  float family_bits(const MatchName& name) const;

  const FeatureTable& table_;
  std::unordered_map<std::string, std::uint32_t> given_counts_, family_counts_;
  float named_nodes_ = 1;
  float prior_bits_ = 0;
};

}  // namespace sealift::census
