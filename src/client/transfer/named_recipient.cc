#include "client/transfer/named_recipient.h"

#include <algorithm>

#include "parcel/request_link.h"

namespace sealift::client {

base::Result<NamedRecipient> find_named(const OpenedManifest& opened,
                                        std::span<const age::Identity> identities) {
  for (const age::Identity& identity : identities) {
    const auto recipient = identity.recipient();
    if (!recipient) continue;
    const auto fingerprint = parcel::recipient_fingerprint(recipient->text());
    const auto& named = opened.content.manifest.recipients;
    const auto at = std::ranges::find(named, fingerprint, &parcel::ManifestRecipient::fingerprint);
    if (at != named.end()) return NamedRecipient{.previous = at->previous};
    for (const parcel::SignedAddendum& each : opened.addenda)
      if (each.addendum.fingerprint == fingerprint) return NamedRecipient{.added = each};
  }
  return base::fail(base::ErrorCode::damaged,
                    "the sender did not name you: somebody else passed the parcel on");
}

}  // namespace sealift::client
