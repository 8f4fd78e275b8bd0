// Where names stand in lines and sentences: cards of who writes, surnames before a comma, sentence
// ends within what looks like a name.
//
// Pure functions over immutable Models, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "census/kinds/finding.h"
#include "census/names/models.h"

namespace sealift::census {

// The capitalised words that end at `end` on their line; empty when there are fewer than two.
std::string_view name_ending_at(std::string_view text, std::size_t end);

// "Kim Roe | Clerk | 905-555-0100": parts of one line about whom it begins with.
bool are_cells(std::string_view between);

// "Kim Roe | Clerk | 905-555-0100": a name, what its bearer does, and a way to reach them.
bool is_card_line(std::string_view text, const Finding& name);

// "Whitby. Mr. Roe": a sentence ends within it, and a titled name begins.
std::size_t sentence_end_in_name(std::string_view name);

struct NameAt {
  std::size_t begin = 0, end = 0;
  std::string value;
};

// A word of the lists before the comma as a surname, one behind as a given name, more than either
// is an ordinary word; before them a word in small letters or a colon.
std::optional<NameAt> name_around_comma(std::string_view text, std::size_t comma,
                                        const Models& models);

}  // namespace sealift::census
