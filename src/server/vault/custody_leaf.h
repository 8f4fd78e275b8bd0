// Custody leaf: what the log holds of an event, and reading it back from the log's folder. Any
// thread.
#pragma once

#include <vector>

#include "base/file_system.h"
#include "catalog/custody.h"

namespace sealift::server::vault {

// The entry that commits to the event's salt and bytes; neither may have been erased.
base::Bytes entry_of(const catalog::CustodyEvent& event);
// The entries of one bundle in a log of `size` entries. Errors: not_found, malformed, io.
base::Result<std::vector<base::Bytes>> read_entries(base::FileSystem& files, std::uint64_t bundle,
                                                    std::uint64_t size);

}  // namespace sealift::server::vault
