// Ed25519 signatures (RFC 8032), and the same keys as X25519 keys. Thread-safe.
//
// Whoever signs puts a label of its own in front of the message: a signature made for one purpose
// must mean nothing for another.
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"
#include "crypto/x25519.h"

namespace sealift::crypto {

inline constexpr std::size_t kEd25519PublicSize = 32;
inline constexpr std::size_t kEd25519SignatureSize = 64;
using Ed25519Public = std::array<std::byte, kEd25519PublicSize>;
using Ed25519Signature = std::array<std::byte, kEd25519SignatureSize>;

class Ed25519Secret {
 public:
  // `seed` is the 32 bytes that RFC 8032 calls the private key.
  static Ed25519Secret from_seed(std::span<const std::byte, 32> seed);
  static Ed25519Secret generate(Random& random);

  const Ed25519Public& public_key() const { return public_; }
  // What from_seed() takes; to store the key.
  SecretBytes<32> seed() const;
  Ed25519Signature sign(base::ByteView message) const;
  X25519Secret to_x25519() const;

 private:
  Ed25519Secret() = default;

  SecretBytes<64> expanded_;  // seed, then public key: libsodium's form
  Ed25519Public public_{};
};

// Refuses non-canonical signatures and keys of small order, besides wrong ones.
bool ed25519_verify(const Ed25519Public& key, base::ByteView message,
                    std::span<const std::byte, kEd25519SignatureSize> signature);

// nullopt when `key` is no point of the curve's prime-order group.
std::optional<X25519Public> ed25519_to_x25519(const Ed25519Public& key);

}  // namespace sealift::crypto
