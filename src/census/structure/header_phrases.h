// The vocabulary of headers and form labels, English and French, folded (census/kinds/text_fold.h).
//
// A phrase is contiguous words; among those found in a header the heaviest wins, then the longest,
// then the later. Weight is also the confidence in percent when the header says nothing else.
#pragma once

#include <span>
#include <string_view>

#include "census/structure/field.h"

namespace sealift::census::internal {

struct HeaderPhrase {
  std::string_view words;
  Field field;
  int weight;
};

struct SubjectWord {
  std::string_view word;
  Subject subject;
  bool is_person;  // alone, it heads a column of names
};

// All of them, for header_filter.h.
std::span<const HeaderPhrase> all_header_phrases();
std::span<const SubjectWord> all_subject_words();

// Those whose first word it is.
std::span<const HeaderPhrase* const> phrases_from(std::string_view first_word);

// May "d'" or "l'" stand before it? Folded, they are one word: "durgence".
bool may_be_elided(std::string_view word);

// nullptr: it says nothing of whose a value is.
const SubjectWord* subject_of(std::string_view word);

// Words that a header may have beside a phrase without becoming something else.
bool is_header_filler(std::string_view word);

}  // namespace sealift::census::internal
