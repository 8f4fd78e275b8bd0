// What the name tagger sees of a text: tokens, and for each a fixed list of hashed features.
//
// Shared by the tagger and its trainer, so that both see the same. Not thread-safe; plain data.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "census/names/models.h"

namespace sealift::census::internal {

enum class Shape : std::uint8_t {
  other,
  number,
  small,
  title,
  capitals,
  mixed,
  initial,
  punctuation
};

struct NameToken {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t word = 0;    // hash of the folded word, or of the punctuation
  std::uint32_t prefix = 0;  // hashes of the first and last three letters
  std::uint32_t suffix = 0;
  std::uint32_t prefix2 = 0;  // of the first and last two
  std::uint32_t suffix2 = 0;
  std::uint32_t suffix4 = 0;
  std::uint16_t use = 0;  // WordUse in steps, packed
  Shape shape = Shape::other;
  bool line_begins = false;
  bool particle = false;  // "de", "van": lower case, but may stand inside a name
  bool hyphen = false;
  WordUse levels;

  // Whether the tagger looks at it, given whether the token before it is a name: particles and
  // ordinary words that are nobody's name in the lists go on a name, but never begin one.
  bool may_be_name(bool previous) const {
    if (particle) return previous;
    const bool ordinary = levels.word >= 4 && levels.given == 0 && levels.surname == 0;
    return is_capitalised() && (previous || !ordinary);
  }

  bool is_capitalised() const {
    return shape == Shape::title || shape == Shape::capitals || shape == Shape::mixed ||
           shape == Shape::initial;
  }
};

inline constexpr std::size_t kNameFeatures = 46;
using NameFeatures = std::array<std::uint32_t, kNameFeatures>;

// Words with inner hyphens, apostrophes and dots, numbers, and single punctuation marks. `text` is
// shorter than 4 GiB.
std::vector<NameToken> name_tokens(std::string_view text, const Models& models);

// The features of token `at`, given whether the two before it were taken for names.
void name_features(const std::vector<NameToken>& tokens, std::size_t at, bool previous,
                   bool before_previous, NameFeatures* out);

// The word's use in steps, as features see it.
std::uint16_t packed_use(const WordUse& use);

// FNV-1a with a final mix.
std::uint32_t word_hash(std::string_view text);

}  // namespace sealift::census::internal
