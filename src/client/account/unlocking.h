// Unlocking: from what a person knows or keeps to the two keys of a slot: the one that logs in, and
// the one that opens the slot. The server sees the first alone (docs/formats/account.md).
//
//   salt      = SHA-256( "sealift/v1/login-salt" LF salt address )[0:16]
//   stretched = Argon2id( password, salt, cost )                        32 bytes
//   a key     = HKDF-SHA256( key: stretched, salt: "", info: label LF address )
//
// A paper key is random already: it stands in the place of `stretched`. Thread-safe.
#pragma once

#include "age/open/open_identity.h"
#include "client/account/paper_key.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"
#include "parcel/address.h"
#include "parcel/login_parameters.h"

namespace sealift::client {

struct Unlocking {
  crypto::SecretBytes<32> authentication_key;
  age::Identity slot_identity;
};

// Takes half a second and parameters.memory_kib of memory. Errors: usage (an empty password), limit
// (the memory could not be had).
base::Result<Unlocking> unlock_with_password(base::ByteView password,
                                             const parcel::LoginParameters& parameters,
                                             const parcel::Address& address);
base::Result<Unlocking> unlock_with_paper_key(const PaperKey& key, const parcel::Address& address);

// What endorses the account's next keys (docs/decisions/0118): it is nowhere but on paper, and in
// what recovery officers bring back.
crypto::Ed25519Secret endorsing_key(const PaperKey& key, const parcel::Address& address);

}  // namespace sealift::client
