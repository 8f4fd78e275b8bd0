// Word documents (Office Open XML): body, tables, headers and footers, notes, comments, text boxes.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_docx(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
