// Recognition of characters in pictures, with tesseract in English and French.
#pragma once

#include <memory>

#include "readers/context.h"

namespace sealift::readers {

// Loads the language data: call before the sandbox closes. Null when it is not installed.
std::unique_ptr<Ocr> load_ocr();

// A picture file. Read in the pass over scans; until then it waits.
document::FileEnd read_picture(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
