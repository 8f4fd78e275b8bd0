// What a text says of a person's health, schooling, work, faith, citizenship and passwords.
#pragma once

#include "census/detect/search.h"

namespace sealift::census::internal {

// Finds:    conditions, medications, vaccines; words of school records; offers of employment and
// the
//           position behind "position as"; faiths; "citizen of" and a country; the word behind
//           "password:".
// Refuses:  everyday words ("stress", "Christian") without a cue beside them; "Catholic School
// Board";
//           passwords of program text (no digit, quotes, brackets).
// Evidence: vocabulary and cues. Whose it is, the caller decides.
void detect_records(Search& search);

}  // namespace sealift::census::internal
