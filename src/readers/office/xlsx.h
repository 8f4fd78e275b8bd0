// Excel workbooks (Office Open XML): every sheet, hidden ones too, with comments.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_xlsx(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
