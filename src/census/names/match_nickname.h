// Short forms of first names: "Bill" for William, "Peggy" for Margaret, "Fred" for Frédéric.
//
// Everyday knowledge of English and French usage, kept as groups of forms of one name; a form may
// belong to several ("Alex"). Pure function, any thread.
#pragma once

#include <string_view>

namespace sealift::census {

// Can both folded first names (text_fold.h) be forms of one name? Equal names are.
bool is_nickname_pair(std::string_view a, std::string_view b);

// The full form that stands for the group of a folded first name; the name itself when it is in no
// group or in several. Names of one pair may have different roots when one of them is ambiguous.
std::string_view nickname_root(std::string_view name);

}  // namespace sealift::census
