// Slots and verifiers: the ways that unlock an account's identity, and the ways that log it in.
//
// A slot is an age file that the client made, wrapped once more with the vault's key; a verifier is
// what a login is checked against (the hash of an authentication key, a passkey's public key),
// wrapped likewise. The catalog sees bytes. Logging in and unlocking are different things: a
// verifier may belong to a slot (password, passkey) or stand alone (single sign-on).
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class SlotKind : std::uint8_t {
  password = 1,
  paper_key = 2,
  passkey = 3,
  trusted_browser = 4,
  recovery = 5,  // sealed to the recovery officers; given out by recoveries.h alone
};

struct Slot {
  SlotId id{};
  AccountId account{};
  SlotKind kind = SlotKind::password;
  Generation generation{};  // of the identity inside
  base::Bytes wrapped{};
  base::Bytes sealed_label{};  // what its owner calls it, sealed by the owner's client
  Revision revision{};         // set by the catalog
  base::UnixTime created{};
};

enum class VerifierKind : std::uint8_t { authentication_key = 1, passkey = 2, single_sign_on = 3 };

struct Verifier {
  VerifierId id{};
  AccountId account{};
  std::optional<SlotId> slot{};
  VerifierKind kind = VerifierKind::authentication_key;
  std::optional<VerifierLookup> lookup{};  // where the login begins without an address
  base::Bytes public_parameters{};         // salt and cost that a client needs before it logs in
  base::Bytes wrapped{};
  base::UnixTime created{};
};

class Slots {
 public:
  virtual ~Slots() = default;

  virtual base::Result<Insert> add(const Slot& slot) = 0;
  virtual base::Result<std::vector<Slot>> list(const AccountId& account) const = 0;
  // stale: it was replaced meanwhile; an old device never overwrites what a newer one wrote.
  virtual base::Result<Change> replace(const Slot& slot, Revision expected) = 0;
  // Its verifiers go with it.
  virtual base::Result<Change> remove(const AccountId& account, const SlotId& id) = 0;

  virtual base::Result<Insert> add_verifier(const Verifier& verifier) = 0;
  virtual base::Result<std::vector<Verifier>> verifiers(const AccountId& account,
                                                        VerifierKind kind) const = 0;
  virtual base::Result<std::optional<Verifier>> find_verifier(
      const VerifierLookup& lookup) const = 0;
  // New material under the same id (a passkey's counter, a changed password).
  virtual base::Result<Change> replace_verifier(const Verifier& verifier) = 0;
  virtual base::Result<Change> remove_verifier(const AccountId& account, const VerifierId& id) = 0;
};

}  // namespace sealift::catalog
