#include "server/vault/web_client.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {

using base::Result;

catalog::EventId web_client_event(base::ByteView manifest) {
  const crypto::Sha256Digest hash = crypto::sha256(manifest);
  std::array<std::byte, 16> id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return {id};
}

Result<void> note_web_client(catalog::Catalog& catalog, Notary& notary, base::ByteView manifest,
                             base::UnixTime now) {
  if (manifest.empty()) return {};
  const Note note{.kind = Logged::web_client_served,
                  .happened = now,
                  .facts = {{"manifest", base::hex_encode(crypto::sha256(manifest))}}};
  SEALIFT_TRY_VOID(catalog.transact([&](catalog::Records& records) {
    return notary.note_once(records, web_client_event(manifest), note);
  }));
  return {};
}

}  // namespace sealift::server::vault
