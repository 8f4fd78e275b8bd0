// Files that are read whole: keys, lists of recipients.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/verb.h"
#include "crypto/secret_bytes.h"

namespace sealift::cli {

// The whole of `path` ("-" is standard input), in memory that is wiped.
// Errors: not_found, forbidden, io, limit (larger than limits::kIdentityFileSizeMax).
base::Result<crypto::SecretBuffer> read_key_file(const std::string& path);

// A new file of mode 0600, written whole or not at all; one that is there is never overwritten.
Outcome write_new_key_file(const std::string& path, base::ByteView content);

}  // namespace sealift::cli
