// AccountKeys: an account's secrets, as they stand in every slot (docs/formats/account.md).
//
//   keys-file = "# sealift account keys " version LF
//               "# address " address LF  "# generation " decimal LF
//               "# signing-key " SEALIFT-SIGNING-KEY-1... LF
//               [ "# endorsing-key " SEALIFT-SIGNING-KEY-1... LF ]
//               AGE-SECRET-KEY-1... LF
//               *( "# former-signing-key " SEALIFT-SIGNING-KEY-1... LF [ AGE-SECRET-KEY-1... LF ] )
//   version   = "v1" without what is in brackets or repeated, else "v2"
//
// Former keys are those of the generations before, newest first, without a gap. It is an age
// identity file with comments, so stock age opens parcels with it. A value that moves; one thread
// at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "age/open/open_identity.h"
#include "age/payload/pipeline.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "parcel/address.h"
#include "parcel/directory_key.h"

namespace sealift::client {

// Of a generation that was replaced.
struct FormerKeys {
  crypto::Ed25519Secret signing;            // file requests of its time derive from it
  std::optional<age::Identity> identity{};  // absent: erased, nothing is sealed to it any more
};

struct AccountKeys {
  parcel::Address address;
  std::uint64_t generation = 1;
  age::Identity identity;
  crypto::Ed25519Secret signing;
  std::vector<FormerKeys> former{};  // newest first, of each generation before
  // What endorses the next generation: only in what recovery officers bring back, and never in a
  // profile (unlocking.h).
  std::optional<crypto::Ed25519Secret> endorsing{};

  // New and random. Errors: those of the identity.
  static base::Result<AccountKeys> generate(const parcel::Address& address, crypto::Random& random);
  // Errors: malformed. Of an older or newer kind: unsupported.
  static base::Result<AccountKeys> parse(base::ByteView keys_file);
  base::Result<crypto::SecretBuffer> keys_file() const;

  // The next generation, new and random, with these as its former keys.
  base::Result<AccountKeys> next(crypto::Random& random) const;
  base::Result<AccountKeys> copy() const;

  // All that may open a parcel, newest first.
  base::Result<std::vector<age::Identity>> identities() const;
  // What this account's generations sign with, newest first; and that of one.
  std::vector<crypto::Ed25519Public> signing_keys() const;
  const crypto::Ed25519Secret& signing_of(std::uint64_t wanted) const;

  // What the directory says of them.
  base::Result<std::string> recipient() const;
  base::Result<parcel::DirectoryKey> directory_key(const std::array<std::byte, 16>& account) const;
};

// A slot: the keys file sealed to whoever unlocks it. Errors: those of sealing.
base::Result<base::Bytes> seal_slot(const AccountKeys& keys,
                                    std::span<const age::Recipient> recipients,
                                    crypto::Random& random);
// Errors: no_match (another password or paper key), damaged, malformed, limit; and damaged when the
// keys in it are another address's.
base::Result<AccountKeys> open_slot(base::ByteView slot, const age::Identity& identity,
                                    const parcel::Address& address);

}  // namespace sealift::client
