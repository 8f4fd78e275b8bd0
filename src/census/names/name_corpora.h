// The annotated corpora that the name tagger learns from and is measured on: what stands where, of
// which kind, under which licence, and which part is held out.
//
//   folder := WNUT17 BTC SEC-filings re3d wikigold [en-worldwide-newswire]     as published
//
// Marks are brought to one meaning, a person's name as written: words for an office or a party to
// a contract ("the Minister", "Borrower"), pronouns, titles and user names are no names.
// Used by the trainer and by the program that measures, so that both agree on what is held out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "census/names/name_training_text.h"

namespace sealift::census::internal {

enum class CorpusUse : std::uint8_t {
  train,
  look,      // never trained on; to see what goes wrong while developing
  held_out,  // never trained on and never looked at: what is measured
};

struct CorpusDocument {
  std::string_view genre;  // "tweets", "news and reports", ...
  CorpusUse use = CorpusUse::train;
  std::vector<MarkedText> sentences;
};

// What each genre is made of, for people to read.
struct CorpusGenre {
  std::string_view name;
  std::string_view held_out;  // which part is measured, and its licence
};
const std::vector<CorpusGenre>& corpus_genres();

// All documents, in a fixed order. Corpora that are not there are left out.
std::vector<CorpusDocument> read_name_corpora(const std::filesystem::path& folder);

// The words of one sentence with those marked that are a name, cleaned as described above.
struct MarkedWord {
  std::string_view word;
  bool person = false;
  bool begins = false;  // the first of its name
};
void clean_marks(std::vector<MarkedWord>& words);

}  // namespace sealift::census::internal
