// AccountKeys: an account's secrets, as they stand in every slot (docs/formats/account.md).
//
//   keys-file = "# sealift account keys v1" LF
//               "# address " address LF  "# generation " decimal LF
//               "# signing-key " SEALIFT-SIGNING-KEY-1... LF
//               AGE-SECRET-KEY-1... LF
//
// It is an age identity file with comments, so stock age opens parcels with it. A value that moves;
// one thread at a time.
#pragma once

#include <cstdint>
#include <span>

#include "age/open/open_identity.h"
#include "age/payload/pipeline.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "parcel/address.h"
#include "parcel/directory_key.h"

namespace sealift::client {

struct AccountKeys {
  parcel::Address address;
  std::uint64_t generation = 1;
  age::Identity identity;
  crypto::Ed25519Secret signing;

  // New and random. Errors: those of the identity.
  static base::Result<AccountKeys> generate(const parcel::Address& address, crypto::Random& random);
  // Errors: malformed. Of an older or newer kind: unsupported.
  static base::Result<AccountKeys> parse(base::ByteView keys_file);
  base::Result<crypto::SecretBuffer> keys_file() const;

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
