// Whose name a mailbox has: "r.griffin7@x", "ruth_griffin@x", "rgriffin@x". Pure functions, any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "census/names/match_name.h"

namespace sealift::census {

// The letters before the "@" are the bearer's names, or one of them and an initial.
bool spells(std::string_view email, const MatchName& name);

// The surname is one of the bearer's, and beside it is a given name that they don't
// have: "owen.griffin@x" is hardly Ruth Griffin's.
bool spells_relative(std::string_view email, const std::vector<MatchName>& names);

// "ruthgriffin": the letters before the "@".
std::string letters_of_mailbox(std::string_view email);
// All the ways in which `spells` finds the name, as such letters: "ruthgriffin", "griffinruth",
// "rgriffin", "griffinr", "ruthg".
std::vector<std::string> mailboxes_of(const MatchName& name);

}  // namespace sealift::census
