#include "crypto/x25519.h"

#include <sodium.h>

#include "base/check.h"
#include "crypto/internal/sodium.h"

namespace sealift::crypto {

using base::unsigned_data;

static_assert(kX25519Size == crypto_scalarmult_curve25519_BYTES);

X25519Public x25519_public(const X25519Secret& secret) {
  internal::ensure_sodium();
  X25519Public result;
  SEALIFT_CHECK(
      crypto_scalarmult_curve25519_base(unsigned_data(result), unsigned_data(secret.view())) == 0);
  return result;
}

std::optional<SecretBytes<kX25519Size>> x25519(const X25519Secret& ours,
                                               std::span<const std::byte, kX25519Size> theirs) {
  internal::ensure_sodium();
  SecretBytes<kX25519Size> shared;
  // libsodium answers -1 for points of small order and for an all-zero result.
  if (crypto_scalarmult_curve25519(unsigned_data(shared.mutable_view()), unsigned_data(ours.view()),
                                   unsigned_data(theirs)) != 0) {
    return std::nullopt;
  }
  return shared;
}

}  // namespace sealift::crypto
