#include "client/transfer/add_recipient.h"

#include "client/transfer/added_header.h"

namespace sealift::client {

using base::Result;

Result<void> add_recipient(const api::Api& api, const api::ParcelId& parcel,
                           std::span<const age::Identity> identities,
                           const age::Recipient& recipient, const api::NewRecipient& grant,
                           crypto::Random& random) {
  SEALIFT_TRY(const api::Parcel about, api.call(api::kParcelRead, {}, parcel));
  api::ChangeRecipients change{.expected_revision = about.revision, .headers = {}, .add = {grant}};
  for (const api::Part part : {api::Part::content, api::Part::manifest}) {
    SEALIFT_TRY(const api::Octets header, api.call(api::kParcelReadHeader, {}, parcel, part));
    SEALIFT_TRY(base::Bytes changed, add_to_header(header.bytes, identities, recipient, random));
    change.headers.push_back({part, {std::move(changed)}});
  }
  SEALIFT_TRY_VOID(api.call(api::kParcelChangeRecipients, change, parcel));
  return {};
}

}  // namespace sealift::client
