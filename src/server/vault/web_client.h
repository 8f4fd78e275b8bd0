// The web client that a server gives out, in the log: which bundle, and since when.
//
// The event commits to the SHA-256 of /manifest.json, which has every file's hash and the policy.
// Its id is the first half of that hash, so whoever holds a manifest can ask for the proof. A
// bundle that was given out before is not logged again.
#pragma once

#include "catalog/catalog.h"
#include "server/vault/notary.h"

namespace sealift::server::vault {

// The id of the event of a bundle with this manifest.
catalog::EventId web_client_event(base::ByteView manifest);

// Nothing for an empty manifest. Thread-safe. Errors: the catalog's.
base::Result<void> note_web_client(catalog::Catalog& catalog, Notary& notary,
                                   base::ByteView manifest, base::UnixTime now);

}  // namespace sealift::server::vault
