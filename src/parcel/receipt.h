// Receipts: a recipient's signed word that all of a parcel came and was verified.
//
//   note := "sealift-receipt/1\n" "parcel " 32hex "\n" "opening " 32hex "\n" "manifest " 64hex "\n"
//           "entries " decimal "\n" "received " decimal "\n"          then its signature
//           (log/note.h)
//
// The client makes it after the last chunk verified, with the account's signing key or, of a link,
// the key that proves it. The sender's client checks it: the hash of the signed manifest stands in
// no place that the server can read, so neither it nor anybody who did not open this parcel can
// make one up. The server checks what it can, and keeps it. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "parcel/manifest.h"

namespace sealift::parcel {

using OpeningIdBytes = std::array<std::byte, 16>;

struct Receipt {
  ParcelIdBytes parcel_id{};
  OpeningIdBytes opening_id{};
  crypto::Sha256Digest manifest_hash{};  // of the signed manifest
  std::uint64_t entries = 0;             // how many were received and verified: all
  std::int64_t received_unix_ms = 0;     // by the receiver's clock

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

std::string sign_receipt(const Receipt& receipt, const crypto::Ed25519Secret& key);

// A receipt that one of `keys` signed. What it names is for the caller to compare.
// Errors: malformed (not to the letter; other signatures than one), no_match (no key of these).
base::Result<Receipt> read_receipt(std::string_view note,
                                   std::span<const crypto::Ed25519Public> keys);

}  // namespace sealift::parcel
