// The sealed parts of a parcel: its small objects, whole in memory, and the headers of both.
//
// A header comes from the server, which may serve that of any other file that we can open. So a
// file key counts once the signed manifest commits to it: open_manifest() and open_content_header()
// give no other (parcel/file_key_commitment.h). Only client/transfer/widened_headers.cc seals a key
// again, and only one that came from here (tools/check_resealing.py).
#pragma once

#include <span>
#include <vector>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "age/payload/pipeline.h"
#include "base/result.h"
#include "crypto/random.h"
#include "parcel/addendum.h"
#include "parcel/manifest.h"

namespace sealift::client {

// A whole age file; the second with a file key that was made for it. Errors: those of sealing.
base::Result<base::Bytes> seal_small(age::Pipeline& pipeline,
                                     std::span<const age::Recipient> recipients,
                                     crypto::Random& random, base::ByteView text);
base::Result<base::Bytes> seal_small(age::Pipeline& pipeline,
                                     std::span<const age::Recipient> recipients,
                                     const age::FileKey& file_key, crypto::Random& random,
                                     base::ByteView text);
// What is in one that is nobody's parcel. Errors: malformed, no_match (it is for none of the
// identities), damaged.
base::Result<base::Bytes> open_small(age::Pipeline& pipeline, base::ByteView header,
                                     base::ByteView payload,
                                     std::span<const age::Identity> identities);

// A manifest as the server gives it: the header, and the payload with its nonce.
struct ServedManifest {
  base::ByteView header;
  base::ByteView payload;
};
struct OpenedManifest {
  parcel::SignedManifest content;
  crypto::Sha256Digest hash{};  // of the signed manifest's bytes
  std::vector<parcel::SignedAddendum> addenda;
  age::FileKey file_key;  // the one that the manifest commits to
};
// Whether its signer is who it says is for the caller to judge. Errors: malformed, limit; no_match;
// damaged (a chunk, the signature or an addendum; another parcel's; a file key that the manifest
// doesn't commit to).
base::Result<OpenedManifest> open_manifest(age::Pipeline& pipeline,
                                           const parcel::ParcelIdBytes& parcel_id,
                                           const ServedManifest& served,
                                           std::span<const age::Identity> identities);

// The content's file key. Errors: malformed, no_match, damaged (also: another parcel's header).
base::Result<age::FileKey> open_content_header(base::ByteView header,
                                               const parcel::ParcelIdBytes& parcel_id,
                                               const parcel::FileKeyCommitment& commitment,
                                               std::span<const age::Identity> identities);

}  // namespace sealift::client
