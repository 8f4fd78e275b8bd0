#include "client/transfer/sealed_part.h"

#include <algorithm>

#include "age/open/open_header.h"
#include "age/open/open_payload.h"
#include "age/seal/seal_header.h"
#include "age/seal/seal_payload.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

struct OpenedHeader {
  age::Header header;
  age::FileKey key;
};

Result<OpenedHeader> open_header(base::ByteView served, std::span<const age::Identity> identities) {
  SEALIFT_TRY(age::Header header, age::Header::parse(served));
  if (header.encoded().size() != served.size())
    return base::fail(ErrorCode::malformed, "something follows the sealed header");
  auto key = age::open_header(header, identities);
  if (!key) return tl::unexpected(std::move(key).error().error);
  return OpenedHeader{std::move(header), *std::move(key)};
}

Result<base::Bytes> open_text(age::Pipeline& pipeline, const age::FileKey& key,
                              base::ByteView payload) {
  age::PayloadNonce nonce;
  if (payload.size() < nonce.size())
    return base::fail(ErrorCode::damaged, "the payload is cut short");
  std::copy_n(payload.begin(), nonce.size(), nonce.begin());
  age::MemorySource chunks(payload.subspan(nonce.size()));
  base::Bytes text;
  age::MemorySink sink(text);
  SEALIFT_TRY_VOID(age::open_payload(pipeline, key, nonce, chunks, sink));
  return text;
}

}  // namespace

Result<base::Bytes> seal_small(age::Pipeline& pipeline, std::span<const age::Recipient> recipients,
                               crypto::Random& random, base::ByteView text) {
  return seal_small(pipeline, recipients, random.secret<age::kFileKeySize>(), random, text);
}

Result<base::Bytes> seal_small(age::Pipeline& pipeline, std::span<const age::Recipient> recipients,
                               const age::FileKey& file_key, crypto::Random& random,
                               base::ByteView text) {
  SEALIFT_TRY(const age::Header header, age::seal_header(file_key, recipients, random));
  base::Bytes sealed = header.encoded();
  age::MemorySource source(text);
  age::MemorySink sink(sealed);
  SEALIFT_TRY_VOID(age::seal_payload(pipeline, file_key, random, source, sink));
  return sealed;
}

Result<base::Bytes> open_small(age::Pipeline& pipeline, base::ByteView header,
                               base::ByteView payload, std::span<const age::Identity> identities) {
  SEALIFT_TRY(const OpenedHeader opened, open_header(header, identities));
  return open_text(pipeline, opened.key, payload);
}

Result<OpenedManifest> open_manifest(age::Pipeline& pipeline,
                                     const parcel::ParcelIdBytes& parcel_id,
                                     const ServedManifest& served,
                                     std::span<const age::Identity> identities) {
  SEALIFT_TRY(OpenedHeader opened, open_header(served.header, identities));
  SEALIFT_TRY(const base::Bytes text, open_text(pipeline, opened.key, served.payload));
  SEALIFT_TRY(parcel::SignedManifest manifest, parcel::read_manifest(text));
  if (manifest.manifest.parcel_id != parcel_id)
    return base::fail(ErrorCode::damaged, "the server gave another parcel's manifest");
  if (manifest.manifest.manifest_key !=
      parcel::commit_to_file_key(opened.key, parcel_id, parcel::CommittedPart::manifest))
    return base::fail(ErrorCode::damaged, "the manifest is sealed under a key that is not its own");
  const crypto::Sha256Digest hash = crypto::sha256(text);
  SEALIFT_TRY(auto addenda, parcel::open_addenda(opened.header, opened.key, parcel_id, hash));
  return OpenedManifest{std::move(manifest), hash, std::move(addenda), std::move(opened.key)};
}

Result<age::FileKey> open_content_header(base::ByteView header,
                                         const parcel::ParcelIdBytes& parcel_id,
                                         const parcel::FileKeyCommitment& commitment,
                                         std::span<const age::Identity> identities) {
  SEALIFT_TRY(OpenedHeader opened, open_header(header, identities));
  if (commitment !=
      parcel::commit_to_file_key(opened.key, parcel_id, parcel::CommittedPart::content))
    return base::fail(ErrorCode::damaged, "the server gave the header of another parcel");
  return std::move(opened.key);
}

}  // namespace sealift::client
