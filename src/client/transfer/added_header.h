// A header for one recipient more; the payload behind it stays as it is. Thread-safe.
#pragma once

#include <span>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "crypto/random.h"

namespace sealift::client {

// The header with a stanza more. Errors: those of opening it with `identities`; usage (the
// recipient is of another family than those there, or a passphrase seals it).
base::Result<base::Bytes> add_to_header(base::ByteView header,
                                        std::span<const age::Identity> identities,
                                        const age::Recipient& recipient, crypto::Random& random);

}  // namespace sealift::client
