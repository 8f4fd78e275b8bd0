// Plain text and delimited tables, which only their content tells apart.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// Bytes that detect_charset takes for text: a table where the lines agree on a delimiter
// (readers/text/delimited.h), else running text with line numbers.
document::FileEnd read_text(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
