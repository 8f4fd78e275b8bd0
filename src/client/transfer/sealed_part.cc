#include "client/transfer/sealed_part.h"

#include <algorithm>

#include "age/open/open_header.h"
#include "age/open/open_payload.h"
#include "age/seal/seal_file.h"

namespace sealift::client {

using base::ErrorCode;
using base::Result;

Result<base::Bytes> seal_small(age::Pipeline& pipeline, std::span<const age::Recipient> recipients,
                               crypto::Random& random, base::ByteView text) {
  age::MemorySource source(text);
  base::Bytes sealed;
  age::MemorySink sink(sealed);
  SEALIFT_TRY_VOID(age::seal_file(pipeline, recipients, random, source, sink));
  return sealed;
}

Result<age::FileKey> open_part_header(base::ByteView header,
                                      std::span<const age::Identity> identities) {
  SEALIFT_TRY(const age::Header parsed, age::Header::parse(header));
  if (parsed.encoded().size() != header.size())
    return base::fail(ErrorCode::malformed, "something follows the sealed header");
  auto key = age::open_header(parsed, identities);
  if (!key) return tl::unexpected(std::move(key).error().error);
  return *std::move(key);
}

Result<OpenedManifest> open_manifest(age::Pipeline& pipeline, base::ByteView header,
                                     base::ByteView payload,
                                     std::span<const age::Identity> identities) {
  SEALIFT_TRY(const age::FileKey key, open_part_header(header, identities));
  age::PayloadNonce nonce;
  if (payload.size() < nonce.size())
    return base::fail(ErrorCode::damaged, "the manifest is cut short");
  std::copy_n(payload.begin(), nonce.size(), nonce.begin());
  age::MemorySource chunks(payload.subspan(nonce.size()));
  base::Bytes text;
  age::MemorySink sink(text);
  SEALIFT_TRY_VOID(age::open_payload(pipeline, key, nonce, chunks, sink));
  SEALIFT_TRY(parcel::SignedManifest manifest, parcel::read_manifest(text));
  return OpenedManifest{std::move(manifest), crypto::sha256(text)};
}

}  // namespace sealift::client
