// OpenDocument texts, sheets and slides, packed (odt, ods, odp) or flat (fodt, fods).
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_odf(base::ByteView bytes, Context& context);

// Flat: one XML file with everything in it.
document::FileEnd read_flat_odf(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
