// An entry of a parcel as the page spells it:
//   path, kind (0 file, 1 folder), permissions, modified (seconds since 1970), size
#pragma once

#include <vector>

#include "core/call.h"
#include "parcel/tar_layout.h"

namespace sealift::web {

// Errors: malformed (a path that no entry may have), usage.
base::Result<parcel::Entry> entry_of(Arguments& in);
base::Result<std::vector<parcel::Entry>> entries_of(Arguments& in);

}  // namespace sealift::web
