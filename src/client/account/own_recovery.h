// One's own recovery: dealt in shares when the account is made, and dealt again when what is there
// is weaker than it could be (docs/formats/account.md, Recovery).
//
// The server says what is there, and could say anything: an officer whom the owner never saw gets
// no share without being shown (client/account/officers.h). Pure but for renew_recovery().
#pragma once

#include "client/account/acting.h"
#include "client/account/officers.h"

namespace sealift::client {

// How many officers have to agree, whatever the server says: two at least.
unsigned recovery_threshold(std::uint64_t told);

enum class RecoveryNeed : std::uint8_t {
  nothing,   // as many officers as it takes have shares, and nobody else
  missing,   // none was dealt, and there are officers enough
  each,      // each officer opens it alone: of a client of 0.1.0
  outdated,  // of older keys, or dealt to somebody who is no officer any more
  too_few,   // officers, to deal one
};
RecoveryNeed recovery_need(const api::OwnRecovery& own, std::uint64_t generation);

// Whether every one of `officers` was accepted by the account's owner on this device before.
bool are_accepted(const Pins& pins, const parcel::Address& address,
                  const std::vector<Officer>& officers);
void accept_officers(Pins& pins, const parcel::Address& address,
                     const std::vector<Officer>& officers);

// Errors: usage (too few of them), and those of sealing.
base::Result<api::NewSlot> recovery_slot(const AccountKeys& keys, const api::AccountId& account,
                                         const std::vector<Officer>& officers, unsigned threshold,
                                         crypto::Random& random);
// In the place of the one that is there. Errors: as above, and those of acting.
base::Result<void> renew_recovery(Acting& acting, const AccountKeys& keys,
                                  const api::AccountId& account,
                                  const std::vector<Officer>& officers, unsigned threshold,
                                  crypto::Random& random);

}  // namespace sealift::client
