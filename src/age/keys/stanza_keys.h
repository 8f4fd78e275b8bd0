// What the sealing and the opening side of a stanza must agree on: labels, and the keys that wrap
// the file key. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "age/format/file_key.h"
#include "age/format/header.h"
#include "crypto/aead.h"
#include "crypto/x25519.h"

namespace sealift::age::internal {

inline constexpr std::string_view kX25519Type = "X25519";
inline constexpr std::string_view kScryptType = "scrypt";
inline constexpr std::string_view kPostQuantumType = "mlkem768x25519";
inline constexpr std::string_view kSshEd25519Type = "ssh-ed25519";
inline constexpr std::string_view kSshRsaType = "ssh-rsa";

inline constexpr std::string_view kX25519Label = "age-encryption.org/v1/X25519";
inline constexpr std::string_view kScryptLabel = "age-encryption.org/v1/scrypt";
inline constexpr std::string_view kPostQuantumLabel = "age-encryption.org/mlkem768x25519";
inline constexpr std::string_view kSshEd25519Label = "age-encryption.org/v1/ssh-ed25519";
inline constexpr std::string_view kSshRsaLabel = "age-encryption.org/v1/ssh-rsa";

inline constexpr std::size_t kWrappedSize = kFileKeySize + crypto::kAeadTagSize;
inline constexpr std::size_t kScryptSaltSize = 16;
inline constexpr std::size_t kSshTagSize = 4;

using WrapKey = crypto::SecretBytes<crypto::kAeadKeySize>;

WrapKey x25519_wrap_key(const crypto::SecretBytes<32>& shared, base::ByteView share,
                        base::ByteView recipient);

// nullopt when the tweaked secret is all zeros.
std::optional<WrapKey> ssh_ed25519_wrap_key(const crypto::SecretBytes<32>& shared,
                                            base::ByteView share, base::ByteView recipient,
                                            base::ByteView ssh_key);

base::Result<WrapKey> scrypt_wrap_key(base::ByteView passphrase, base::ByteView salt, int log_n);

// The stanza argument that names an SSH key: the start of its hash.
std::string ssh_tag(base::ByteView ssh_key);

// A wrap key wraps one file key, so that its nonce is zero.
base::Bytes wrap_file_key(const WrapKey& key, const FileKey& file_key);

std::string encode_argument(base::ByteView bytes);

}  // namespace sealift::age::internal
