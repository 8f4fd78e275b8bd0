// What detectors have learnt: how often a word is a given name, a surname, a place or an ordinary
// word, and the weights of the name tagger.
//
//   file     := "SLNM0002" u32:lexicon_log2 u32:weights_log2 lexicon weights     (little endian)
//   lexicon  := 2^lexicon_log2 * u32
//               fingerprint << 16 | given << 12 | surname << 8 | word << 4 | place, 0 free
//   weights  := 2^weights_log2 * i8
//
// data/names/names.model is linked into the program; docs/census/names.md says from what and how it
// is made. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::census {

// How common a word is as each, in steps of a factor of about three: 0 not seen, 15 most common.
struct WordUse {
  std::uint8_t given = 0;
  std::uint8_t surname = 0;
  std::uint8_t word = 0;   // as an ordinary word in lower case
  std::uint8_t place = 0;  // a town or country, or part of its name; by inhabitants
};

class Models {
 public:
  // Those linked into the program. They borrow static data.
  static Models built_in();

  // Borrows `file`, which outlives the models. Errors: malformed.
  static base::Result<Models> parse(base::ByteView file);

  // `folded` as census/kinds/text_fold.h folds a single word: lower-case ASCII.
  WordUse use_of(std::string_view folded) const;
  // The same by internal::word_hash of the word, which is not empty.
  WordUse use_of_hash(std::uint32_t hash) const;

  // The tagger's weight of a hashed feature.
  int weight(std::uint32_t feature) const {
    return static_cast<signed char>(
        std::to_integer<unsigned char>(weights_[feature & weights_mask_]));
  }

 private:
  base::ByteView lexicon_;
  base::ByteView weights_;
  std::uint32_t lexicon_mask_ = 0;
  std::uint32_t weights_mask_ = 0;
};

}  // namespace sealift::census
