// Letting one more person open a parcel: its headers are rewritten, its payloads stay.
#pragma once

#include <vector>

#include "age/keys/recipient.h"
#include "age/payload/pipeline.h"
#include "base/clock.h"
#include "client/account/account_keys.h"
#include "client/api/api.h"
#include "client/transfer/sent_note.h"
#include "crypto/random.h"

namespace sealift::client {

struct AddOrder {
  api::ParcelId parcel{};
  std::string address;
  const age::Recipient& recipient;
  api::NewRecipient grant;
};

// Borrowed for the call.
struct AddTools {
  const api::Api& api;      // of whoever sent the parcel, or asked for it
  const AccountKeys& keys;  // theirs
  SentNotes sent;
  age::Pipeline& pipeline;
  crypto::Random& random;
  const base::Clock& clock;
};

// What signs what is handed in for one's own request, by the keys of whichever generation made it.
std::vector<crypto::Ed25519Public> hand_in_signers(const AccountKeys& keys,
                                                   const api::RequestId& request);

// A parcel that was handed in is opened for it, which counts and is logged. Errors: conflict
// (somebody changed the parcel meanwhile), not_found, and those of widen_headers().
base::Result<void> add_recipient(const AddOrder& order, const AddTools& tools);

}  // namespace sealift::client
