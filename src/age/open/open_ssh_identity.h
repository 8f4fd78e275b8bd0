// SSH private keys as identities. Not for programs that must not open.
//
//   file    = "-----BEGIN OPENSSH PRIVATE KEY-----" base64(key) "-----END OPENSSH PRIVATE KEY-----"
//           / a PEM private key (crypto/private_key_pem.h)
//   key     = "openssh-key-v1" NUL string(cipher) string(kdf) string(kdf options) u32(1)
//             string(public key) string(private)          (OpenSSH, PROTOCOL.key)
//   private = u32 check, the same again, the key's numbers, string(comment), padding 1, 2, 3, ...
//
// RSA and Ed25519, with or without a passphrase.
#pragma once

#include <string_view>

#include "age/open/open_identity.h"

namespace sealift::age {

// Whether `content` is a private key file of any form.
bool looks_like_private_key_file(std::string_view content);

// Errors: malformed, unsupported, no_match (a wrong passphrase), and those of `ask`.
base::Result<Identity> parse_ssh_identity(std::string_view content, const AskPassphrase& ask);

}  // namespace sealift::age
