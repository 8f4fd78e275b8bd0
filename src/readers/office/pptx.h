// PowerPoint presentations (Office Open XML): slides and their notes, with tables.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_pptx(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
