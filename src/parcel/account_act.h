// AccountAct: what an account's owner signs to change ways in, keys, tokens, roles or the policy.
//
//   text   = "sealift/v1/account-act" LF "account " 32 hex LF "generation " decimal LF
//            "operation " name LF "target " 32 hex | "-" LF "body " 64 hex LF
//            "revision " decimal LF "previous " 64 hex LF "slots " 64 hex LF "challenge " 64 hex LF
//   digest = SHA-256 of the text; the next act's `previous`, zeros before the first
//   slots  = SHA-256 of one line a slot, sorted: kind SP generation SP SHA-256 of its file, hex, LF
//   field  = base64url of generation u64, revision u64 (little-endian), previous, slots, challenge,
//            signature: what goes over the wire; operation, target and body are the request's own
//
// Signed by the account's newest key, so a login's token alone changes nothing, and one act can't
// be used for another account, operation, target or body. Acts are a chain: the owner's devices
// follow it, and see a slot that no act lists. docs/formats/account.md. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ed25519.h"
#include "crypto/sha256.h"

namespace sealift::parcel {

inline constexpr std::size_t kActFieldSize = 235;  // characters

struct AccountAct {
  std::array<std::byte, 16> account{};
  std::uint64_t generation = 0;  // of the key that signs
  std::string operation{};       // of the API: "slot.add"
  std::optional<std::array<std::byte, 16>> target{};
  crypto::Sha256Digest body{};  // of the request's body, empty or not
  std::uint64_t revision = 0;   // from 1, without a gap
  crypto::Sha256Digest previous{};
  crypto::Sha256Digest slots{};  // as they are after it
  std::array<std::byte, 32> challenge{};

  friend bool operator==(const AccountAct&, const AccountAct&) = default;
};

std::string account_act_text(const AccountAct& act);
crypto::Sha256Digest account_act_digest(const AccountAct& act);
crypto::Ed25519Signature sign_account_act(const AccountAct& act, const crypto::Ed25519Secret& key);
bool is_signed_act(const AccountAct& act, const crypto::Ed25519Signature& signature,
                   const crypto::Ed25519Public& key);

// A way in, as acts list it. The recovery slot is not among them: it is the officers'.
struct ActSlot {
  std::string_view kind;  // as the API spells it
  std::uint64_t generation = 0;
  crypto::Sha256Digest file{};
};
crypto::Sha256Digest act_slots_digest(const std::vector<ActSlot>& slots);

// The field of a request; the rest of `act` is what the request is.
struct ActField {
  std::uint64_t generation = 0;
  std::uint64_t revision = 0;
  crypto::Sha256Digest previous{};
  crypto::Sha256Digest slots{};
  std::array<std::byte, 32> challenge{};
  crypto::Ed25519Signature signature{};
};
std::string encode_act_field(const AccountAct& act, const crypto::Ed25519Signature& signature);
std::optional<ActField> parse_act_field(std::string_view text);

}  // namespace sealift::parcel
