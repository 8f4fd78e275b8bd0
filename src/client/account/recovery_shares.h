// Recovery in shares: the account's keys, sealed so that several officers *and* the server are
// needed (docs/formats/account.md, Recovery).
//
//   R, H          = random, made by the owner's client
//   slot identity = HKDF-SHA256( R H, salt account, info "sealift/v1/recovery-identity" LF
//                   generation LF address )
//   recovery slot = the keys file, sealed to it
//   share i       = of R (crypto/secret_sharing.h), signed by the owner, sealed to officer i alone
//
// H is the server's, which gives it out after the delay. One officer with all that the server has
// holds one share and H, which open nothing; all officers without the server lack H. Fewer than the
// threshold learn nothing of R. No sockets; thread-safe.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "client/account/account_keys.h"

namespace sealift::client {

using AccountBytes = std::array<std::byte, 16>;
using RecoveryHalf = std::array<std::byte, 32>;  // H

struct DealtRecovery {
  base::Bytes slot;
  RecoveryHalf half{};
  std::vector<base::Bytes> shares;  // sealed, in the order of the officers
};

// `officers`: their recipients. Errors: usage (fewer of them than `threshold`, or more than 32; one
// of them twice; a threshold below two), and those of sealing.
base::Result<DealtRecovery> deal_recovery(const AccountKeys& keys, const AccountBytes& account,
                                          unsigned threshold,
                                          const std::vector<std::string>& officers,
                                          crypto::Random& random);

// An officer's own share, opened. Whose it is, it says itself: nothing is believed of it until
// reseal_share() has judged it.
class OpenedShare {
 public:
  // `officer`: all of their identities, those from before a rotation too. Errors: no_match (not
  // this officer's), malformed.
  static base::Result<OpenedShare> open(base::ByteView sealed,
                                        std::span<const age::Identity> officer);

  const parcel::Address& address() const { return address_; }
  base::ByteView text() const { return text_.view(); }

 private:
  OpenedShare(parcel::Address address, crypto::SecretBuffer text)
      : address_(std::move(address)), text_(std::move(text)) {}

  parcel::Address address_;
  crypto::SecretBuffer text_;
};

// The account of the recovery, and the keys that the directory has for the share's address: all
// generations.
struct ShareOwner {
  AccountBytes account{};
  std::vector<crypto::Ed25519Public> signing_keys;
};
// What an officer does to approve: the share, judged, sealed to `to` instead. Errors: damaged
// (another account's, or signed by no key of its owner's).
base::Result<base::Bytes> reseal_share(const OpenedShare& share, const ShareOwner& owner,
                                       const age::Recipient& to, crypto::Random& random);

// What was given out. Shares that aren't the owner's, or of another dealing, are left out and
// counted.
struct Recovered {
  AccountKeys keys;
  unsigned wrong_shares = 0;
};
// Errors: no_match (too few good shares, or another half or slot), damaged (the keys didn't sign
// these shares).
base::Result<Recovered> recover_keys(base::ByteView slot, const RecoveryHalf& half,
                                     std::span<const base::Bytes> resealed,
                                     std::span<const age::Identity> to,
                                     const parcel::Address& address);

}  // namespace sealift::client
