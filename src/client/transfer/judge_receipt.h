// judge_receipt: whether an opening that the server tells the sender of was received, by whom.
//
// The server is not believed: what counts is the receipt, signed by a key that the sender knows by
// itself (a pinned account's, or the link's that it made), naming this parcel, this opening and the
// manifest that the sender signed. Pure; any thread.
#pragma once

#include <optional>
#include <span>

#include "client/api/opening_bodies.h"
#include "client/transfer/sent_note.h"
#include "parcel/receipt.h"

namespace sealift::client {

enum class ReceiptStanding : std::uint8_t {
  none,         // not received, as far as anybody says
  verified,     // all of it checked
  signed_only,  // signed by who opened it; sent elsewhere, so the manifest can't be compared
  unknown_key,  // nobody here knows the key that has to have signed it
};

struct JudgedReceipt {
  ReceiptStanding standing = ReceiptStanding::none;
  std::optional<parcel::Receipt> receipt{};  // when verified or signed_only
};

// `sent`: absent when the parcel was sent from elsewhere. `keys`: of the account that opened it, or
// of the link; none when they aren't known. Errors: damaged: a lie, whose sentence names it.
base::Result<JudgedReceipt> judge_receipt(const api::Opening& opening, const api::ParcelId& parcel,
                                          const std::optional<SentNote>& sent,
                                          std::span<const crypto::Ed25519Public> keys);

}  // namespace sealift::client
