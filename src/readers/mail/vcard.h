// vCard (RFC 6350, 2426, and 2.1 as phones write it) and iCalendar: their lines as text, unfolded
// and decoded, pictures left out.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_vcard(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
