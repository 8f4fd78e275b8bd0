// Where names stand in lines and sentences: cards of who writes, surnames before a comma, sentence
// ends within what looks like a name.
//
// Pure functions over immutable Models, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "census/kinds/dates.h"
#include "census/kinds/finding.h"
#include "census/names/models.h"

namespace sealift::census {

// The capitalised words that end at `end` on their line; empty when there are fewer than two.
std::string_view name_ending_at(std::string_view text, std::size_t end);

// "Kim Roe | Clerk | 905-555-0100": parts of one line about whom it begins with.
bool are_cells(std::string_view between);

// "Kim Roe | Clerk | 905-555-0100": a name, what its bearer does, and a way to reach them.
bool is_card_line(std::string_view text, const Finding& name);

// The line around `at`, when it is a card: cells parted by bars, one of them a number or an
// address. All that it says is about the person whose name it begins with.
std::optional<std::string_view> card_line_around(std::string_view text, std::size_t at);

// "Whitby. Mr. Roe": a sentence ends within it, and a titled name begins.
std::size_t sentence_end_in_name(std::string_view name);

// Where the words that lead to a birth date begin: "(born ", ", DOB: ", " né le ".
std::size_t birth_lead(std::string_view text, std::size_t date);

// "Ruth Okafor (05/18/2009)": a date alone in brackets behind a name, some years past.
std::optional<Finding> birth_in_brackets(std::string_view text, const Finding& name,
                                         const DateHint& dates);

// For each byte of interest, which bracket it stands in: (2) after the second "(".
class Brackets {
 public:
  explicit Brackets(std::string_view text) : text_(text) {}

  // Offsets must rise from call to call.
  std::uint32_t at(std::size_t offset) {
    for (; at_ < offset && at_ < text_.size(); ++at_) {
      if (text_[at_] == '(') open_ = ++count_;
      if (text_[at_] == ')' || text_[at_] == '\n') open_ = 0;
    }
    return open_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t open_ = 0, count_ = 0;
};

struct NameAt {
  std::size_t begin = 0, end = 0;
  std::string value;
};

// A word of the lists before the comma as a surname, one behind as a given name, more than either
// is an ordinary word; before them a word in small letters or a colon.
std::optional<NameAt> name_around_comma(std::string_view text, std::size_t comma,
                                        const Models& models);

}  // namespace sealift::census
