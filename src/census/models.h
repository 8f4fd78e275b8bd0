// What detectors have learnt: how often a word is a given name, a surname or an ordinary word, and
// the weights of the name tagger.
//
// docs/census/names.md says from what and how they are made. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace sealift::census {

// How common a word is as each, in steps of a factor of about two: 0 not seen, 1 rare, 15 most
// common.
struct WordUse {
  std::uint8_t given = 0;
  std::uint8_t surname = 0;
  std::uint8_t word = 0;  // as an ordinary word in lower case
};

class Models {
 public:
  // Those linked into the program. They borrow static data.
  static Models built_in();

  // `folded` as census/text_fold.h folds a single word: lower-case ASCII.
  WordUse use_of(std::string_view folded) const;

 private:
  base::ByteView lexicon_;
};

}  // namespace sealift::census
