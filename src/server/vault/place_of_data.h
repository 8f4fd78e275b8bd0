// Where a data folder may be made by root.
//
// Keys and catalog that root makes in a folder of another account can be swapped by that account
// before the first server starts on them, and so can the folder itself by anyone who may write to
// the one above it. Once a server has begun, its folder is closed to others
// (DataFolder::refuse_open_to_others). Any thread.
#pragma once

#include <string>

#include "base/result.h"

namespace sealift::server::vault {

// caller: everything made belongs to who runs this; owner: to the account that owns the folder, as
// which a server that root starts goes on.
enum class MadeAs : unsigned char { caller, owner };

// Nothing where no root runs this. `path` may not exist yet. Errors: forbidden (which folder, whose
// it is, what to do).
base::Result<void> refuse_place_of_others(const std::string& path, MadeAs made_as);

// For root, who removes files below `path` by name: nobody else may put another folder in the place
// of one above it, or of a link on the way. Nothing where no root runs this. Errors: as above.
base::Result<void> refuse_way_of_others(const std::string& path);

}  // namespace sealift::server::vault
