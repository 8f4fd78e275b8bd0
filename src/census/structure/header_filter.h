// Turns away most texts that are no header, before a word of them is folded.
//
// Half of the lines of program text are looked at as labels. Pure function, any thread.
#pragma once

#include <string_view>

namespace sealift::census::internal {

// False: no word of it is one that field_of_header() or subject_of_header() could make use of.
bool may_be_header(std::string_view text);

}  // namespace sealift::census::internal
