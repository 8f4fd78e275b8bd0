// Locking down, the same whether an administrator asks for it over the API or whoever has the data
// folder at the machine's own command line. Any thread.
#pragma once

#include "server/vault/letters.h"

namespace sealift::server::vault {

struct Locking {
  catalog::LockdownId id{};
  std::optional<catalog::AccountId> by{};  // nullopt: on the machine itself
  base::UnixTime now{};
};

// Ends every login and every change that waits, destroys link halves where the policy says so,
// notes it, and tells everyone in charge. taken: locked down already; nothing was changed.
base::Result<catalog::Insert> lock_down(const PostOffice& office, Notary& notary,
                                        catalog::Records& records, const Locking& locking);

}  // namespace sealift::server::vault
