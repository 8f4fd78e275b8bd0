// Text for training the name tagger: annotated corpora and filled templates, names marked.
//
// Used by train_names_main.cc alone. Deterministic for a given seed. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealift::census::internal {

using TextSpan = std::pair<std::size_t, std::size_t>;  // bytes [first, second)

// A text in which names of persons are marked, and places where its source marks them.
struct MarkedText {
  std::string text;
  std::vector<TextSpan> names, places;
};

// Numbers that are the same on every machine (PCG, Melissa O'Neill 2014).
class TrainingRandom {
 public:
  explicit TrainingRandom(std::uint64_t seed) : state_(seed) {}
  std::uint32_t next();
  std::size_t below(std::size_t bound) { return next() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

struct NameLists {
  std::vector<std::string> given, common_given, surnames, words, places;
};

// `text` behind what `to` holds, with `between` between them.
void append_text(MarkedText& to, const MarkedText& text, std::string_view between);

// The same text with every name, and most places, replaced by one of the lists.
MarkedText with_other_names(const MarkedText& text, const NameLists& lists, TrainingRandom& random);

// In capitals throughout.
MarkedText in_capitals(const MarkedText& text);

// One line of data/names/templates.txt with its places filled.
MarkedText fill_template(const std::string& line, const NameLists& lists, TrainingRandom& random);

}  // namespace sealift::census::internal
