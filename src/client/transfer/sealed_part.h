// The small sealed objects of a parcel (its manifest), whole in memory.
#pragma once

#include <span>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "age/payload/pipeline.h"
#include "base/result.h"
#include "crypto/random.h"
#include "parcel/manifest.h"

namespace sealift::client {

// A whole age file. Errors: those of age::seal_file.
base::Result<base::Bytes> seal_small(age::Pipeline& pipeline,
                                     std::span<const age::Recipient> recipients,
                                     crypto::Random& random, base::ByteView text);

// The file key of a header as the server gives it. Errors: malformed, no_match (it is for none of
// the identities), damaged.
base::Result<age::FileKey> open_part_header(base::ByteView header,
                                            std::span<const age::Identity> identities);

// A manifest as the server gives it: the header, and the payload with its nonce.
struct OpenedManifest {
  parcel::SignedManifest content;
  crypto::Sha256Digest hash{};  // of the signed manifest's bytes
};
// Errors: those of open_part_header; damaged (a chunk, or the signature); malformed; limit.
base::Result<OpenedManifest> open_manifest(age::Pipeline& pipeline, base::ByteView header,
                                           base::ByteView payload,
                                           std::span<const age::Identity> identities);

}  // namespace sealift::client
