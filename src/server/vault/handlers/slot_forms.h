// Slots as they come in, and what a login is checked against. Any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "server/vault/handler.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {

using AuthenticationKey = crypto::SecretBytes<32>;

// A text of half a KiB, sealed to one officer.
inline constexpr std::size_t kShareFileSizeMax = std::size_t{4} << 10;

// What comes with a recovery slot in shares: the server's half, and a share for each officer.
struct RecoveryInput {
  std::array<std::byte, 32> half{};
  std::uint32_t threshold = 0;
  std::vector<std::pair<catalog::AccountId, base::Bytes>> shares;  // age files
};

// A slot as a client sent it, in good form.
struct SlotInput {
  catalog::SlotKind kind = catalog::SlotKind::password;
  catalog::Generation generation{};
  base::Bytes file;  // a small age file
  base::Bytes label;
  std::optional<AuthenticationKey> authentication_key{};  // where the slot also logs in
  base::Bytes parameters;
  // Without it a recovery slot is sealed to each officer, as clients of 0.1.0 make them.
  std::optional<RecoveryInput> recovery{};
};

// Whether it is in the form of one, with a payload.
bool is_age_file(base::ByteView file);

// `password_parameters`: what a password's must be. Refuses kinds that this build can't check, and
// files that are not age's.
SlotInput take_slot(JsonRequest& object, base::ByteView password_parameters);
AuthenticationKey take_authentication_key(JsonRequest& object, std::string_view key);

// The slot with its verifier or shares, wrapped, added to the account. A share's officer has to be
// one. Errors: conflict, internal.
base::Result<catalog::SlotId> add_slot(Services& services, catalog::Records& records,
                                       const catalog::AccountId& account, const SlotInput& input,
                                       base::UnixTime now);
// Whether it is what the slot has already. Errors: damaged.
base::Result<bool> holds(const Services& services, const catalog::Slot& slot,
                         const SlotInput& input);
// The slot's new file under its old id, and its verifier's new key where there is one. A new key
// but a password's is as new as a new slot: see ways_in().
// Errors: not_found, conflict (it has changed meanwhile, or is of another kind).
base::Result<void> replace_slot(Services& services, catalog::Records& records,
                                const catalog::Slot& slot, const SlotInput& input,
                                catalog::Revision expected, base::UnixTime now);

// The verifiers that log in now. One that was added later than the oldest is inert for a day: its
// owner, who is told, can remove it before anybody uses it.
inline constexpr std::chrono::hours kSlotInert{24};
inline constexpr std::uint64_t kSlotInertMs = std::chrono::milliseconds(kSlotInert).count();
// A known key's refusal until then, with the time that is left. Errors: forbidden, damaged.
base::Result<void> refuse_new_way_in(const Services& services,
                                     std::span<const catalog::Verifier> verifiers,
                                     const AuthenticationKey& key, base::UnixTime now);
std::vector<catalog::Verifier> ways_in(std::vector<catalog::Verifier> verifiers,
                                       base::UnixTime now);

// Whether `key` is one that `verifiers` know. The work is the same for no verifier, one or two.
base::Result<bool> is_known_key(const Services& services,
                                std::span<const catalog::Verifier> verifiers,
                                const AuthenticationKey& key);

}  // namespace sealift::server::vault
