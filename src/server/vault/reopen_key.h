// Reopen keys: two Ed25519 keys of the operator's that this machine doesn't hold.
//
// They are made once, printed once, and kept on paper in two places; the catalog has their public
// halves. One of them, typed in at the machine, ends a lock-down when too few administrators are
// left, and signs what a restore lost, so that clients can follow the log that went back
// (log/restore_statement.h). Who has the machine alone can do neither.
//
//   text = Bech32 of the 32 bytes of the key, prefix "SEALIFT-REOPEN-", upper case
//
// One thread.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "log/restore_statement.h"
#include "server/vault/letters.h"
#include "server/vault/notary.h"

namespace sealift::server::vault {

// The public halves; none before they were made.
base::Result<std::vector<log::VerifierKey>> reopen_keys(const catalog::Records& records);

using ReopenKeyTexts = std::array<std::string, 2>;
// Makes both, and has them shown before they count: what couldn't be shown was not made, since it
// is shown this once. Errors: conflict (they were made), locked_down, what `show` says.
base::Result<ReopenKeyTexts> make_reopen_keys(
    catalog::Catalog& catalog, const std::string& log_name, Notary& notary, crypto::Random& random,
    base::UnixTime now, const std::function<base::Result<void>(const ReopenKeyTexts&)>& show);

// A key as a person typed it, proved to be one of this server's.
struct ReopenKey {
  crypto::Ed25519Secret secret;
  std::string name;
};
// Blanks, line ends and hyphens at the ends are dropped. Errors: malformed (a letter is wrong or
// missing), no_match (another server's, or none was made).
base::Result<ReopenKey> take_reopen_key(catalog::Catalog& catalog, std::string_view typed);

// Ends the lock-down by a key, and tells everyone in charge. stale: the server is open.
base::Result<catalog::Change> reopen_by_key(const PostOffice& office, Notary& notary,
                                            catalog::Records& records, const ReopenKey& key,
                                            base::UnixTime now);

// Signs what the last restore wrote down (Mark::restored_from), for clients and the log. Errors:
// not_found (this server was not restored).
base::Result<log::RestoreStatement> state_restore(catalog::Catalog& catalog, Notary& notary,
                                                  const ReopenKey& key, base::UnixTime now);

}  // namespace sealift::server::vault
