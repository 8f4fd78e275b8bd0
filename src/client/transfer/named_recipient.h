// Whether a parcel is for us by the sender's word: the manifest names a key of ours, or an addendum
// does. Who can open it is another question: anybody who has it can seal it on to others. Pure.
#pragma once

#include <optional>
#include <span>

#include "age/open/open_identity.h"
#include "client/transfer/sealed_part.h"

namespace sealift::client {

struct NamedRecipient {
  // The parcel that the sender's client sent us before this one.
  std::optional<parcel::ParcelIdBytes> previous{};
  // Names us where the manifest doesn't; its signer is for the caller to judge.
  std::optional<parcel::SignedAddendum> added{};
};

// Errors: damaged (neither names us: somebody passed the parcel on).
base::Result<NamedRecipient> find_named(const OpenedManifest& opened,
                                        std::span<const age::Identity> identities);

}  // namespace sealift::client
