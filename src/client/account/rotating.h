// Rotating: a new generation of an account's keys, published with the endorsement that
// correspondents ask for, and every way in sealed again, in one step of the server's
// (docs/decisions/0118).
//
// The step is taken whole or not at all: killed before it, all is as before; after it, the password
// and the paper key open the new keys, and the old ones are among their former ones. Running it
// again makes one generation more. Nothing is saved here.
#pragma once

#include <optional>
#include <vector>

#include "client/account/acting.h"
#include "client/account/paper_key.h"

namespace sealift::client {

enum class PasswordIs : std::uint8_t { present, fresh };

struct RotationWish {
  const PaperKey& paper_key;  // one that logs in
  base::ByteView password;
  PasswordIs password_is = PasswordIs::present;
  // Where another one than the paper key's endorses the next keys: that of an earlier paper key, or
  // what recovery officers brought back.
  std::optional<crypto::Ed25519Secret> endorsing{};
};

struct Rotated {
  AccountKeys keys;
  std::vector<api::Slot> ended;  // ways in
  bool is_countersigned = false;
};

// Whether the account's next keys need another endorsing key than that of `paper_key`; as the pins
// have it, which find_own() fills.
bool needs_other_endorsing(const Pins& pins, const parcel::Address& address,
                           const PaperKey& paper_key);

// `acting` signs with `keys`, the newest ones. Errors: no_match (the password or the paper key
// opens no way in, or the endorsing key is another), and those of acting.
base::Result<Rotated> rotate(Acting& acting, const api::Api& api, const AccountKeys& keys,
                             const RotationWish& wish, Pins& pins, crypto::Random& random);

}  // namespace sealift::client
