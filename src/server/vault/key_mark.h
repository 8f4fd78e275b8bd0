// Key mark: which vault.key the catalog's rows were made with. Another one fits nothing in it: no
// login would be found and no address read, so it is refused before anything is written with it.
// Any thread.
#pragma once

#include "catalog/catalog.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

// A catalog that has no mark yet is judged by an account's wrapped address. Errors: those of the
// catalog.
base::Result<bool> is_key_of(catalog::Catalog& catalog, const VaultKeys& keys);
// Writes the mark where it is missing. Errors: those, no_match (another key's catalog).
base::Result<void> claim_catalog(catalog::Catalog& catalog, const VaultKeys& keys);

}  // namespace sealift::server::vault
