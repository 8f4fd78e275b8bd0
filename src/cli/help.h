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

}  // namespace sealift::cli
