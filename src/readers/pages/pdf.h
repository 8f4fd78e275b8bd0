// PDF: page by page, with embedded files. Pages without text wait for recognition. Uses poppler
// (GPL): linked into sealift-extract alone.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// Loads what poppler would open later: call before the sandbox closes. For the process's life.
void prepare_pdf();

document::FileEnd read_pdf(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
