#include "census/people/doubts.h"

#include <algorithm>
#include <array>

namespace sealift::census {
namespace {

struct Row {
  Doubt doubt;
  std::string_view words;
  float right;  // of those who have this doubt, as tools/census/forge/doubts.py counts them
};

constexpr std::array<Row, kDoubts> kRows = {{
    {Doubt::nameless, "no name", 0.10F},
    {Doubt::one_word, "a part of a name alone", 0.15F},
    {Doubt::namesake, "may be somebody else of the same name", 0.20F},
    {Doubt::weak_name, "the words may be no name", 0.30F},
    {Doubt::many_holders, "several people have it, or staff", 0.15F},
    {Doubt::another_holder, "somebody else has it, too", 0.50F},
    {Doubt::several_values, "a person has one, here are several", 0.60F},
    {Doubt::birth_dates_differ, "two birth dates", 0.50F},
    {Doubt::weak_reading, "little speaks for it", 0.55F},
    {Doubt::others_mailbox, "the mailbox has another's name", 0.40F},
}};

constexpr float kPersonWithoutDoubt = 0.98F;
constexpr float kValueWithoutDoubt = 0.98F;

// The worst of several doubts decides: they come together too seldom to be counted together.
float least(Doubts doubts, float without) {
  float probability = without;
  for (const Row& row : kRows)
    if (has(doubts, row.doubt)) probability = std::min(probability, row.right);
  return probability;
}

}  // namespace

std::string_view to_string(Doubt doubt) {
  const auto row = std::ranges::find(kRows, doubt, &Row::doubt);
  return row == kRows.end() ? "" : row->words;
}

std::vector<std::string_view> words_of(Doubts doubts) {
  std::vector<std::string_view> words;
  for (const Row& row : kRows)
    if (has(doubts, row.doubt)) words.push_back(row.words);
  return words;
}

float probability_of_person(Doubts doubts) { return least(doubts, kPersonWithoutDoubt); }
float probability_of_value(Doubts doubts) { return least(doubts, kValueWithoutDoubt); }

}  // namespace sealift::census
