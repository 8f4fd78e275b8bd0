// `sealift account rotate`: new keys for an account, from this machine or after one was lost.
#pragma once

#include "cli/verb.h"
#include "client/account/paper_key.h"
#include "client/account/pins.h"
#include "parcel/address.h"

namespace sealift::cli {

// `arguments`: what is behind "rotate".
Outcome run_account_rotate(const Environment& environment, std::span<const std::string> arguments);

// After a new paper key was made: the one before may be what endorses the account's next keys.
void tell_of_earlier_paper_key(const client::Pins& pins, const parcel::Address& address,
                               const client::PaperKey& made, base::Language language);

}  // namespace sealift::cli
