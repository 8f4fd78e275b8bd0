// What a compound file is: a Word, Excel or PowerPoint document, a message, or one of these with a
// password around it.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

Recognised recognise_compound(base::ByteView bytes);

}  // namespace sealift::readers
