// From a header and identities to the file key. Not for programs that must not open.
#pragma once

#include <span>

#include "age/format/failure.h"
#include "age/format/file_key.h"
#include "age/format/header.h"
#include "age/open/open_identity.h"

namespace sealift::age {

// Tries the identities in their order, and checks the header's MAC with the key found.
// Failures: header, no_match, hmac, other (age/format/failure.h).
OpenResult<FileKey> open_header(const Header& header, std::span<const Identity> identities);

}  // namespace sealift::age
