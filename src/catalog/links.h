// Links: ways to open a parcel without an account.
//
// A link's age identity needs a secret from the URL's fragment and the server's half, which is
// here, wrapped by the vault's key, until the link is used up, revoked, expired or locked down.
#pragma once

#include <vector>

#include "catalog/parcels.h"

namespace sealift::catalog {

enum class LinkPassphrase : std::uint8_t { none = 1, needed = 2 };

struct Link {
  LinkId id{};
  ParcelId parcel{};
  ProofVerifier verifier{};
  base::Bytes wrapped_half{};  // empty: destroyed
  LinkPassphrase passphrase = LinkPassphrase::none;
  std::optional<std::uint32_t> opens_max{};
  std::uint32_t opens_used = 0;  // set by openings.h
  base::UnixTime created{};
  base::UnixTime expires{};
  std::optional<base::UnixTime> revoked{};
};

class Links {
 public:
  virtual ~Links() = default;

  virtual base::Result<Insert> add(const Link& link) = 0;
  // Whatever its state; looking changes nothing.
  virtual base::Result<std::optional<Link>> find(const LinkId& id) const = 0;
  virtual base::Result<std::vector<Link>> list(const ParcelId& parcel) const = 0;
  // Destroys the half. stale: revoked already.
  virtual base::Result<Change> revoke(const ParcelId& parcel, const LinkId& id,
                                      base::UnixTime now) = 0;
  // Links past their own expiry, and used up with no live opening left.
  virtual base::Result<std::uint64_t> destroy_due_halves(base::UnixTime now) = 0;
  // Every half there is: lock-down for good.
  virtual base::Result<std::uint64_t> destroy_all_halves() = 0;
};

}  // namespace sealift::catalog
