// The catalog's own types for what would else be bare bytes and integers.
//
// An id is 16 random bytes, a digest 32 bytes that the vault computed. Each kind is a type of its
// own, so a parcel's id can't be passed where an account's is due. The catalog makes none of them:
// whoever calls brings randomness, hashes and the time.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sealift::catalog {

template <typename Tag, std::size_t kSize>
struct Fixed {
  std::array<std::byte, kSize> bytes{};

  base::ByteView view() const { return bytes; }
  friend auto operator<=>(const Fixed&, const Fixed&) = default;

  // nullopt unless `from` has exactly the right length.
  static std::optional<Fixed> of(base::ByteView from) {
    if (from.size() != kSize) return std::nullopt;
    Fixed made;
    std::ranges::copy(from, made.bytes.begin());
    return made;
  }
};

using AccountId = Fixed<struct AccountTag, 16>;
using EnrolmentId = Fixed<struct EnrolmentTag, 16>;
using SlotId = Fixed<struct SlotTag, 16>;
using VerifierId = Fixed<struct VerifierTag, 16>;
using SessionId = Fixed<struct SessionTag, 16>;
using ParcelId = Fixed<struct ParcelTag, 16>;
using BlobId = Fixed<struct BlobTag, 16>;
using UploadId = Fixed<struct UploadTag, 16>;
using LinkId = Fixed<struct LinkTag, 16>;
using OpeningId = Fixed<struct OpeningTag, 16>;
using ReceiptId = Fixed<struct ReceiptTag, 16>;
using RequestId = Fixed<struct RequestTag, 16>;
using EventId = Fixed<struct EventTag, 16>;
using MailId = Fixed<struct MailTag, 16>;
using LockdownId = Fixed<struct LockdownTag, 16>;
using RecoveryId = Fixed<struct RecoveryTag, 16>;
using ProposalId = Fixed<struct ProposalTag, 16>;

// A keyed hash (the key is the vault's) of a normalised mail address or of a network address: finds
// one that is known, and tells a thief of the database none.
using AddressLookup = Fixed<struct AddressLookupTag, 32>;
using DelayKey = Fixed<struct DelayKeyTag, 32>;
// SHA-256 of 256 random bits that only the bearer has.
using TokenHash = Fixed<struct TokenHashTag, 32>;
// What a proof of a link's or request's secret is checked against.
using ProofVerifier = Fixed<struct ProofVerifierTag, 32>;
// A keyed hash of a passkey's credential id or of a subject at an identity provider.
using VerifierLookup = Fixed<struct VerifierLookupTag, 32>;

// SHA-256 of a blob's sealed bytes.
using BlobDigest = Fixed<struct BlobDigestTag, 32>;

template <typename Tag>
struct Number {
  std::uint64_t value = 0;
  friend auto operator<=>(const Number&, const Number&) = default;
};

// Position in a list that is read page by page; grows with each row added.
using Cursor = Number<struct CursorTag>;
// Counts the changes of one record, so that a change can name the state that it supposes.
using Revision = Number<struct RevisionTag>;
// Which of an account's successive identities, from 1.
using Generation = Number<struct GenerationTag>;
// Index of a leaf in the log.
using LogIndex = Number<struct LogIndexTag>;

// Newest first; `before` is the cursor of the last row of the page before.
struct Page {
  std::optional<Cursor> before{};
  std::uint32_t rows_max = 100;
};

// What a change met. `absent`: there is no such thing, or it is not this caller's. `stale`: it is
// there, in a state that the change does not suppose; nothing was changed.
enum class Change { done, absent, stale };

// `taken`: there already is one under this key; nothing was changed.
enum class Insert { added, taken };

}  // namespace sealift::catalog
