// Cues: words around a name or value in running text that tell whose it is and what they are.
//
// "your son Zahid", "Client: Rene Weir", "parent of Amanda", "worker Andrea Russo", "the late ...".
// English and French. Pure functions over folded text, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sealift::census {

// What the words right before (or after) a name make of its bearer.
enum class NameCue : std::uint8_t {
  none,
  subject,     // "Client:", "Re:", "Patient", "Member"
  staff,       // "Teacher:", "worker", "Present:", or ", RN" behind
  staff_list,  // as staff, and the names that follow in the sentence are too: "Crew: A / B"
  guardian,    // "mother:", "parent/guardian"
  spouse,      // "wife", "spouse:"
  child,       // "son", "child:"
  child_list,  // "children: A, B, C"
  your_child,  // "your daughter"
  contact,     // "emergency contact:"
};

// `before` and `after`: the text of the sentence around the name, as written.
NameCue name_cue(std::string_view before, std::string_view after);

// What two names in one sentence are to each other, by the words between.
enum class PairCue : std::uint8_t { none, first_guards_second, second_guards_first, household };
PairCue pair_cue(std::string_view between);

// Does the text speak to its reader ("you", "your", "vous", "votre")?
bool speaks_to_reader(std::string_view text);
// "your son", "votre fille": the reader has a child whom the text may name later.
bool speaks_of_readers_child(std::string_view text);
// "I", "my", "je", "mon"
bool speaks_of_writer(std::string_view text);
// Words that tell of a death: "died", "pronounced deceased" behind whoever it was, "the late",
// "estate of" before them.
struct DeathCue {
  std::size_t begin = 0, end = 0;  // bytes of the words
  bool before_name = false;
};
std::optional<DeathCue> death_cue(std::string_view sentence);

}  // namespace sealift::census
