// Sure or doubtful: what speaks against somebody being a person of their own, or against a value
// being theirs, and how likely they are right then.
//
// A doubt is a reason in words. A probability is an estimate of the share that is right among the
// people, or values, with these doubts (docs/decisions/0180); tools/census/forge/doubts.py counts
// that share. What is less likely than kSure is listed apart and never in a letter. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sealift::census {

enum class Doubt : std::uint16_t {
  // of people
  nameless = 1U << 0,   // a number or a contact, and nobody's name
  one_word = 1U << 1,   // a part of a name alone
  namesake = 1U << 2,   // nothing tells them from somebody of the same name who is better known
  weak_name = 1U << 3,  // words that may be no name
  // of values
  many_holders = 1U << 4,    // a phone or mailbox of several families, or of staff too
  another_holder = 1U << 5,  // a number of one person that somebody else has, too
  several_values = 1U << 6,  // numbers of which a person has one
  birth_dates_differ = 1U << 7,
  weak_reading = 1U << 8,    // read, or given to this person, with little behind it
  others_mailbox = 1U << 9,  // its letters are somebody else's name
};
inline constexpr unsigned kDoubts = 10;

using Doubts = std::uint16_t;  // a set of Doubt

constexpr Doubts bit(Doubt doubt) { return static_cast<Doubts>(doubt); }
constexpr bool has(Doubts doubts, Doubt doubt) { return (doubts & bit(doubt)) != 0; }

// For people to read: "two birth dates".
std::string_view to_string(Doubt doubt);
std::vector<std::string_view> words_of(Doubts doubts);

inline constexpr float kSure = 0.8F;

float probability_of_person(Doubts doubts);
float probability_of_value(Doubts doubts);

}  // namespace sealift::census
