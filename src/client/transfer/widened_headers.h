// Both headers of a parcel for one recipient more, and the addendum that says so. The payloads stay
// as they are. No I/O; the web client's core has it too.
//
// Nothing is sealed again that was not authenticated before: the manifest opens with the header
// that was served, is signed by the key that we expect, of this parcel, the one that we remember;
// and both headers lead to the file keys that it commits to. Else a server that serves another
// header, of another parcel or of an account's slot, would have us seal that to a stranger.
// Thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "age/keys/recipient.h"
#include "client/transfer/sealed_part.h"
#include "crypto/ed25519.h"

namespace sealift::client {

// What the server gave, of which nothing is believed.
struct ServedParcel {
  ServedManifest manifest;
  base::ByteView content_header;
};

// What we know of the parcel by ourselves. Borrowed.
struct OwnParcel {
  parcel::ParcelIdBytes parcel_id{};
  std::span<const age::Identity> identities;
  // One of them signed the manifest: our own keys; of what was handed in to us, the request's.
  std::vector<crypto::Ed25519Public> manifest_signed_by{};
  // As it was sent from here; absent: sent from elsewhere.
  std::optional<crypto::Sha256Digest> manifest_hash{};
};

struct Newcomer {
  std::string address;
  const age::Recipient& recipient;
  // Who adds them, and when.
  std::string by;
  const crypto::Ed25519Secret& signing;
  std::int64_t created_unix_ms = 0;
};

struct WidenedHeaders {
  base::Bytes content;
  base::Bytes manifest;
};

// Errors: those of opening; damaged (the parcel or a header is not the one it should be); usage
// (the recipient is of another family than those there, or a passphrase seals it).
base::Result<WidenedHeaders> widen_headers(age::Pipeline& pipeline, const ServedParcel& served,
                                           const OwnParcel& own, const Newcomer& newcomer,
                                           crypto::Random& random);

}  // namespace sealift::client
