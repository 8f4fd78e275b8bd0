// Text for training the name tagger: annotated corpora and filled templates, names marked.
//
// Used by train_names_main.cc alone. Deterministic for a given seed. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sealift::census::internal {

// A text in which bytes [first, second) are names of persons.
struct MarkedText {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> names;
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
  std::vector<std::string> given, common_given, surnames, words;
};

// Sentences of one CoNLL file: a token and tags a line, empty lines between; tags naming a person
// (PER, person) mark names.
std::vector<MarkedText> read_conll(const std::string& path);

// The same text with every name replaced by one of the lists.
MarkedText with_other_names(const MarkedText& text, const NameLists& lists, TrainingRandom& random);

// In capitals throughout.
MarkedText in_capitals(const MarkedText& text);

// One line of data/names/templates.txt with its places filled.
MarkedText fill_template(const std::string& line, const NameLists& lists, TrainingRandom& random);

}  // namespace sealift::census::internal
