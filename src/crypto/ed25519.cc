#include "crypto/ed25519.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "crypto/internal/sodium.h"

namespace sealift::crypto {

using base::ByteView;
using base::unsigned_data;

Ed25519Secret Ed25519Secret::from_seed(std::span<const std::byte, 32> seed) {
  internal::ensure_sodium();
  Ed25519Secret key;
  SEALIFT_CHECK(crypto_sign_seed_keypair(unsigned_data(key.public_),
                                         unsigned_data(key.expanded_.mutable_view()),
                                         unsigned_data(seed)) == 0);
  return key;
}

Ed25519Secret Ed25519Secret::generate(Random& random) {
  return from_seed(random.secret<32>().view());
}

SecretBytes<32> Ed25519Secret::seed() const {
  return SecretBytes<32>::copy_of(expanded_.view().first<32>());
}

Ed25519Signature Ed25519Secret::sign(ByteView message) const {
  Ed25519Signature signature;
  SEALIFT_CHECK(crypto_sign_detached(unsigned_data(signature), nullptr, unsigned_data(message),
                                     message.size(), unsigned_data(expanded_.view())) == 0);
  return signature;
}

X25519Secret Ed25519Secret::to_x25519() const {
  X25519Secret secret;
  SEALIFT_CHECK(crypto_sign_ed25519_sk_to_curve25519(unsigned_data(secret.mutable_view()),
                                                     unsigned_data(expanded_.view())) == 0);
  return secret;
}

bool ed25519_verify(const Ed25519Public& key, ByteView message,
                    std::span<const std::byte, kEd25519SignatureSize> signature) {
  internal::ensure_sodium();
  return crypto_sign_verify_detached(unsigned_data(signature), unsigned_data(message),
                                     message.size(), unsigned_data(key)) == 0;
}

std::optional<X25519Public> ed25519_to_x25519(const Ed25519Public& key) {
  internal::ensure_sodium();
  X25519Public result;
  if (crypto_sign_ed25519_pk_to_curve25519(unsigned_data(result), unsigned_data(key)) != 0) {
    return std::nullopt;
  }
  return result;
}

}  // namespace sealift::crypto
