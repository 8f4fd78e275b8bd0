// The passphrase protection of OpenSSH's own private key form (OpenSSH, PROTOCOL.key): a key from
// bcrypt_pbkdf (Botan's), then a cipher (OpenSSL's). Thread-safe.
#pragma once

#include <string_view>

#include "base/result.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

struct SshProtection {
  std::string_view cipher;  // as the file names it: aes256-ctr, aes256-cbc
  base::ByteView salt;
  unsigned rounds;  // at least 1; each takes some milliseconds
};

// `part` deciphered. Whether the passphrase was right shows in what comes out, not here.
// Errors: unsupported (another cipher), malformed (an empty passphrase, or not whole blocks).
base::Result<SecretBuffer> unprotect_ssh_key(const SshProtection& protection,
                                             const SecretBuffer& passphrase, base::ByteView part);

}  // namespace sealift::crypto
