// Help: a verb's usage text in the reader's language.
//
// The English text stands with the verb, laid out by hand. It is read as
//
//   synopsis, then paragraphs, set apart by empty lines; a paragraph whose first line has a gap of
//   two spaces after its first words, or begins with an option, is a list of terms with what they
//   mean; lines that are further in belong to the one before
//
// Each paragraph and each meaning is a message of its own, on one line; words in capitals (FILE)
// are too, wherever they stand in a synopsis or term. The translation is wrapped again. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"

namespace sealift::cli {

std::string help_text(base::Language language, std::string_view usage);

// What the usage text of a verb says of one of its parts ("invite" of "sealift people invite ..."),
// as a usage text itself; "" if there is no such part. It has
//
//   the lines of the synopsis that begin with the part; its own entry of a list of parts, and those
//   of options that its synopsis has, or that no line of the synopsis has; the paragraphs that name
//   it, or none of the parts: in backquotes, or as the first word of a sentence
std::string usage_of_part(std::string_view usage, std::string_view part);

}  // namespace sealift::cli
