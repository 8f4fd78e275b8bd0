// Rich Text Format.
//
//   group   := '{' (group | control | character)* '}'
//   control := '\' letters number? space?  |  '\' symbol  |  "\'" two hex digits
//
// Groups that are no text (fonts, styles, pictures, "\*" ones that are not known) are stepped over.
// Characters come as \uN with a substitute to skip, or as bytes in the font's code page.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_rtf(base::ByteView bytes, Context& context);
// Of an RTF text inside something else (a message).
void read_rtf_text(std::string_view rtf, const document::Place& place, Context& context);

}  // namespace sealift::readers
