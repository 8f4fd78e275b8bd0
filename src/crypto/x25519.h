// X25519 (RFC 7748): agreement on a secret over Curve25519. Thread-safe.
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kX25519Size = 32;
using X25519Public = std::array<std::byte, kX25519Size>;
using X25519Secret = SecretBytes<kX25519Size>;  // any 32 bytes

X25519Public x25519_public(const X25519Secret& secret);

// nullopt when the result is all zeros: `theirs` is a point of small order, and the "secret" would
// be known to everybody (RFC 7748 section 6.1).
std::optional<SecretBytes<kX25519Size>> x25519(const X25519Secret& ours,
                                               std::span<const std::byte, kX25519Size> theirs);

}  // namespace sealift::crypto
