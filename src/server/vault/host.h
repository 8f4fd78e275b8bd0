// What the command line may do on the server's own machine, beside a running server or without one:
// the operations host.* of the table. Whoever can read the data folder has the right to.
//
// The catalog is opened beside the server's; custody events wait there until the server logs them.
// One thread.
#pragma once

#include <memory>

#include "parcel/address.h"
#include "server/vault/data_folder.h"
#include "server/vault/notary.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

struct Invitation {
  Token token;
  base::UnixTime expires{};
};

class Host {
 public:
  // Whether a folder that is no server's yet becomes one.
  enum class Begin { no, yes };
  // Errors: not_found (no data folder), damaged, forbidden, io.
  static base::Result<std::unique_ptr<Host>> open(const std::string& data, Begin begin,
                                                  crypto::Random& random, const base::Clock& clock);

  // A one-time enrolment link for the address; an earlier one stops working.
  // With an account, the link lets its owner enter it anew with the keys they have.
  // Errors: conflict (the address's account was closed), locked_down.
  base::Result<Invitation> invite(const parcel::Address& address, catalog::Roles roles);
  // Posts the letters of it where the server has a mail server. stale: locked down already.
  base::Result<catalog::Change> lock();
  base::Result<std::optional<catalog::Lockdown>> lockdown();
  LastStart last_start() const { return folder_.last_start(); }

 private:
  Host(DataFolder folder, std::unique_ptr<catalog::Catalog> catalog, crypto::Random& random,
       const base::Clock& clock)
      : folder_(std::move(folder)),
        catalog_(std::move(catalog)),
        keys_(folder_.vault_key()),
        random_(random),
        clock_(clock),
        notary_(random, [] {}) {}

  const DataFolder folder_;
  const std::unique_ptr<catalog::Catalog> catalog_;
  const VaultKeys keys_;
  crypto::Random& random_;
  const base::Clock& clock_;
  Notary notary_;
};

}  // namespace sealift::server::vault
