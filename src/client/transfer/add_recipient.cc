#include "client/transfer/add_recipient.h"

#include "client/api/streams.h"
#include "client/transfer/widened_headers.h"
#include "parcel/request_link.h"

namespace sealift::client {
namespace {

using base::Result;

// What somebody handed in was not sent by us: our own opening of it gives its manifest.
Result<base::Bytes> read_manifest(const api::Api& api, const api::Parcel& about) {
  if (!about.request) return api::read_manifest(api, about.id);
  SEALIFT_TRY(const api::Ticket ticket, api.call(api::kParcelOpen, {}, about.id));
  const api::Api with_ticket(api.http(), {Credential::Kind::ticket, ticket.ticket.text});
  return api::read_opened_manifest(with_ticket, ticket.opening.id);
}

std::vector<crypto::Ed25519Public> signers_of(const api::Parcel& about, const AccountKeys& keys) {
  return about.request ? hand_in_signers(keys, *about.request) : keys.signing_keys();
}

}  // namespace

std::vector<crypto::Ed25519Public> hand_in_signers(const AccountKeys& keys,
                                                   const api::RequestId& request) {
  std::vector<crypto::Ed25519Public> signers;
  for (std::uint64_t generation = keys.generation; generation > 0; --generation) {
    const auto secret = parcel::request_secret(keys.signing_of(generation), request.bytes);
    signers.push_back(parcel::request_manifest_key(secret, request.bytes).public_key());
    if (keys.former.size() <= keys.generation - generation) break;
  }
  return signers;
}

Result<void> add_recipient(const AddOrder& order, const AddTools& tools) {
  const api::Api& api = tools.api;
  SEALIFT_TRY(const api::Parcel about, api.call(api::kParcelRead, {}, order.parcel));
  SEALIFT_TRY(const api::Octets content,
              api.call(api::kParcelReadHeader, {}, order.parcel, api::Part::content));
  SEALIFT_TRY(const api::Octets manifest,
              api.call(api::kParcelReadHeader, {}, order.parcel, api::Part::manifest));
  SEALIFT_TRY(const base::Bytes payload, read_manifest(api, about));
  SEALIFT_TRY(const std::vector<age::Identity> identities, tools.keys.identities());
  OwnParcel own{.parcel_id = order.parcel.bytes,
                .identities = identities,
                .manifest_signed_by = signers_of(about, tools.keys)};
  if (const auto note = tools.sent.load(order.parcel)) own.manifest_hash = note->manifest_hash;
  SEALIFT_TRY(WidenedHeaders widened,
              widen_headers(tools.pipeline,
                            {.manifest = {.header = manifest.bytes, .payload = payload},
                             .content_header = content.bytes},
                            own,
                            {.address = order.address,
                             .recipient = order.recipient,
                             .by = tools.keys.address.text(),
                             .signing = tools.keys.signing,
                             .created_unix_ms = tools.clock.now().time_since_epoch().count()},
                            tools.random));
  const api::ChangeRecipients change{
      .expected_revision = about.revision,
      .headers = {{api::Part::content, {std::move(widened.content)}},
                  {api::Part::manifest, {std::move(widened.manifest)}}},
      .add = {order.grant}};
  SEALIFT_TRY_VOID(api.call(api::kParcelChangeRecipients, change, order.parcel));
  return {};
}

}  // namespace sealift::client
