// Entries of the directory's log: which key an address has, as a log of changes in which each entry
// also says what the whole map is after it.
//
//   first  = 0x01 vrf-key(32) organisation-key(32) predecessor
//   predecessor = SHA-256( origin ) size(u64) root(32)     of the log before; zeros: there was none
//   change = 0x02 time-ms(u64) how(u8) generation(u32) index(32) commitment(32) root(32)
//   how    = 1 enrolled, 2 rotated, 3 restarted, 4 removed
//   commitment = SHA-256( "sealift directory commitment v1" LF salt(32) text ); zeros: removed
//   text   = "sealift/v1/directory-entry" LF "address " address LF "how " word LF
//            "previous " base64(commitment of the generation before; zeros) LF key-text
//   value  = SHA-256( "sealift directory value v1" LF how(u8) generation(u32) commitment )
//   index  = vrf( "sealift/v1/directory/address" LF address )        crypto/vrf.h
//
// Integers are big-endian. Entry 0 is the first, all others are changes. The log holds nothing that
// names anybody: indexes are the VRF's, commitments are salted. docs/formats/directory.md. Values
// and functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/vrf.h"
#include "log/merkle.h"

namespace sealift::directory {

using Index = crypto::VrfOutput;
using Commitment = crypto::Sha256Digest;
using CommitmentSalt = std::array<std::byte, 32>;

enum class How : std::uint8_t { enrolled = 1, rotated = 2, restarted = 3, removed = 4 };
// As texts and answers spell it; nullopt: no such word.
std::string_view how_word(How how);
std::optional<How> parse_how(std::string_view word);

// What the map has of an address.
struct State {
  How how = How::enrolled;
  std::uint32_t generation = 1;
  Commitment commitment{};  // zeros: removed

  bool is_removed() const { return how == How::removed; }
  friend bool operator==(const State&, const State&) = default;
};

struct Predecessor {
  crypto::Sha256Digest origin{};
  log::TreeHead head{};

  friend bool operator==(const Predecessor&, const Predecessor&) = default;
};

struct FirstEntry {
  crypto::VrfPublic vrf_key{};
  crypto::Ed25519Public organisation_key{};  // zeros: none, and nothing is ever restarted
  Predecessor predecessor{};

  bool has_organisation() const { return organisation_key != crypto::Ed25519Public{}; }
  friend bool operator==(const FirstEntry&, const FirstEntry&) = default;
};

struct ChangeEntry {
  std::uint64_t time_ms = 0;
  Index index{};
  State state;
  log::Hash root{};  // of the map that has this change

  friend bool operator==(const ChangeEntry&, const ChangeEntry&) = default;
};

using Entry = std::variant<FirstEntry, ChangeEntry>;

base::Bytes encode_entry(const Entry& entry);
// Errors: malformed (also: a commitment that is zeros, or isn't, against `how`).
base::Result<Entry> parse_entry(base::ByteView bytes);
// The map's root after the entry: after the first it is empty.
log::Hash root_after(const Entry& entry);

// What the VRF is asked for an address, in the one spelling of parcel/address.h.
base::Bytes index_input(std::string_view address);
// What is committed to: `key_text` (parcel/directory_key.h) as the address's, after `previous`.
struct Opening {
  CommitmentSalt salt{};
  How how = How::enrolled;
  Commitment previous{};

  friend bool operator==(const Opening&, const Opening&) = default;
};
Commitment commitment_of(const Opening& opening, std::string_view address,
                         std::string_view key_text);
// opening = salt(32) how(u8) previous(32)
base::Bytes encode_opening(const Opening& opening);
// Errors: malformed.
base::Result<Opening> parse_opening(base::ByteView bytes);
crypto::Sha256Digest value_of(const State& state);

}  // namespace sealift::directory
