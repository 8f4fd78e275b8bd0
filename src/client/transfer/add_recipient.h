// Letting one more person open a parcel: its headers are rewritten, its payloads stay.
#pragma once

#include <span>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "client/api/api.h"
#include "crypto/random.h"

namespace sealift::client {

// `api` is the sender's. Errors: conflict (somebody changed the parcel meanwhile), not_found, and
// those of add_to_header().
base::Result<void> add_recipient(const api::Api& api, const api::ParcelId& parcel,
                                 std::span<const age::Identity> identities,
                                 const age::Recipient& recipient, const api::NewRecipient& grant,
                                 crypto::Random& random);

}  // namespace sealift::client
