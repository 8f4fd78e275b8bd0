// The header of a new file, or a new header for a file that exists: the payload does not depend on
// its header, so that whoever has the file key can change the recipients without touching it.
// (Somebody taken off the list may still know the file key: that is no revocation.)
//
// Thread-safe, as far as `random` is.
#pragma once

#include <span>

#include "age/format/file_key.h"
#include "age/format/header.h"
#include "age/keys/recipient.h"
#include "crypto/random.h"

namespace sealift::age {

// Errors: usage (no recipient; recipients of different families; a passphrase beside another
// recipient), limit, and those of Recipient::wrap().
base::Result<Header> seal_header(const FileKey& file_key, std::span<const Recipient> recipients,
                                 crypto::Random& random);

}  // namespace sealift::age
