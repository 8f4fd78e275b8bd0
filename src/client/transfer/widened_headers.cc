#include "client/transfer/widened_headers.h"

#include <algorithm>

#include "age/format/header.h"
#include "parcel/request_link.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// A file is as strong as its weakest recipient, so families are not mixed.
bool is_of_family(const age::Stanza& stanza, age::RecipientFamily family) {
  if (parcel::is_addendum(stanza)) return true;
  const bool is_post_quantum = stanza.type == "mlkem768x25519";
  if (stanza.type == "scrypt") return family == age::RecipientFamily::passphrase;
  return is_post_quantum == (family == age::RecipientFamily::post_quantum);
}

Result<base::Bytes> widen(base::ByteView served, const age::FileKey& file_key,
                          const age::Recipient& recipient, std::optional<age::Stanza> addendum,
                          crypto::Random& random) {
  SEALIFT_TRY(const age::Header before, age::Header::parse(served));
  const age::RecipientFamily family = recipient.family();
  if (family == age::RecipientFamily::passphrase ||
      !std::ranges::all_of(before.stanzas(),
                           [&](const age::Stanza& stanza) { return is_of_family(stanza, family); }))
    return base::fail(ErrorCode::usage, "the recipient's key is of another kind than the parcel's");
  std::vector<age::Stanza> stanzas = before.stanzas();
  SEALIFT_TRY(age::Stanza added, recipient.wrap(file_key, random));
  stanzas.push_back(std::move(added));
  if (addendum) stanzas.push_back(*std::move(addendum));
  SEALIFT_TRY(const age::Header after, age::Header::make(stanzas, file_key));
  return after.encoded();
}

Result<void> judge(const OpenedManifest& opened, const OwnParcel& own) {
  if (std::ranges::find(own.manifest_signed_by, opened.content.signed_by) ==
      own.manifest_signed_by.end())
    return base::fail(ErrorCode::damaged, "the manifest that the server gave is not signed by us");
  if (own.manifest_hash && *own.manifest_hash != opened.hash)
    return base::fail(ErrorCode::damaged,
                      "the manifest that the server gave is not the one that was sent");
  return {};
}

}  // namespace

Result<WidenedHeaders> widen_headers(age::Pipeline& pipeline, const ServedParcel& served,
                                     const OwnParcel& own, const Newcomer& newcomer,
                                     crypto::Random& random) {
  SEALIFT_TRY(const OpenedManifest opened,
              open_manifest(pipeline, own.parcel_id, served.manifest, own.identities));
  SEALIFT_TRY_VOID(judge(opened, own));
  SEALIFT_TRY(const age::FileKey content_key,
              open_content_header(served.content_header, own.parcel_id,
                                  opened.content.manifest.content_key, own.identities));
  const base::Bytes addendum = parcel::sign_addendum(
      {.parcel_id = own.parcel_id,
       .manifest_hash = opened.hash,
       .address = newcomer.address,
       .fingerprint = parcel::recipient_fingerprint(newcomer.recipient.text()),
       .by = newcomer.by,
       .created_unix_ms = newcomer.created_unix_ms},
      newcomer.signing);
  WidenedHeaders widened;
  SEALIFT_TRY(widened.content,
              widen(served.content_header, content_key, newcomer.recipient, std::nullopt, random));
  SEALIFT_TRY(widened.manifest,
              widen(served.manifest.header, opened.file_key, newcomer.recipient,
                    parcel::seal_addendum(addendum, opened.file_key, random), random));
  return widened;
}

}  // namespace sealift::client
