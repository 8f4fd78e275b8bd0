// X-Wing (draft-connolly-cfrg-xwing-kem): X25519 and ML-KEM-768 as one key encapsulation, safe
// while either of them is. Thread-safe. Needs mlkem768_available().
//
//   secret key  = 32 bytes; SHAKE256 makes of them d(32) z(32) x25519(32)
//   public key  = ML-KEM public key (1184), X25519 public key (32)
//   ciphertext  = ML-KEM ciphertext (1088), X25519 share (32)
//   shared      = SHA3-256(ssM, ssX, share, X25519 public key, label of 6 bytes)
#pragma once

#include <array>
#include <optional>

#include "crypto/mlkem768.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"
#include "crypto/x25519.h"

namespace sealift::crypto {

inline constexpr std::size_t kXWingPublicSize = kMlKem768PublicSize + kX25519Size;
inline constexpr std::size_t kXWingCiphertextSize = kMlKem768CiphertextSize + kX25519Size;

using XWingSecret = SecretBytes<32>;
using XWingPublic = std::array<std::byte, kXWingPublicSize>;
using XWingCiphertext = std::array<std::byte, kXWingCiphertextSize>;

XWingPublic xwing_public(const XWingSecret& secret);

struct XWingEncapsulated {
  XWingCiphertext ciphertext;
  SecretBytes<32> shared;
};

// nullopt when a half of `key` is no public key.
std::optional<XWingEncapsulated> xwing_encapsulate(std::span<const std::byte, kXWingPublicSize> key,
                                                   Random& random);

// A wrong ciphertext gives another secret; nullopt is for an X25519 share of small order only.
std::optional<SecretBytes<32>> xwing_decapsulate(
    const XWingSecret& secret, std::span<const std::byte, kXWingCiphertextSize> ciphertext);

}  // namespace sealift::crypto
