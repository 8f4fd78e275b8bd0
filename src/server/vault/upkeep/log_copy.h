// Log copy: the log's folder, copied while the server may be writing to it. One thread.
#pragma once

#include <string>

#include "base/result.h"
#include "log/checkpoint.h"

namespace sealift::server::vault {

// To a folder that isn't there yet; verified there, whole. How many entries it has, published or
// not: 0 for a log that was never begun. Errors: damaged (the log itself, or another key's), io.
base::Result<std::uint64_t> copy_whole_log(const std::string& from, const std::string& to,
                                           const log::VerifierKey& key);
// Errors: damaged, io.
base::Result<std::uint64_t> verify_whole_log(const std::string& folder,
                                             const log::VerifierKey& key);

// The newest signed head of a log that was begun. Errors: not_found (it wasn't), damaged, io.
base::Result<log::TreeHead> head_of_log(const std::string& folder, const log::VerifierKey& key);

}  // namespace sealift::server::vault
