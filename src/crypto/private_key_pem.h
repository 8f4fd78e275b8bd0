// Private keys in OpenSSL's PEM forms ("RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
// which older SSH keys are in. Thread-safe.
#pragma once

#include <functional>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/rsa_oaep.h"

namespace sealift::crypto {

using PrivateKey = std::variant<Ed25519Secret, RsaPrivateKey>;

// Calls `passphrase` when the key is protected by one.
// Errors: malformed; unsupported (another kind of key); no_match (a wrong passphrase); and those
// of `passphrase`.
base::Result<PrivateKey> read_private_key_pem(
    std::string_view pem, const std::function<base::Result<SecretBuffer>()>& passphrase);

}  // namespace sealift::crypto
