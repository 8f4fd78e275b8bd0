#include "crypto/password_hash.h"

#include <sodium.h>

#include "base/check.h"
#include "crypto/internal/sodium.h"

namespace sealift::crypto {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::unsigned_data;

static_assert(kArgon2SaltSize == crypto_pwhash_argon2id_SALTBYTES);

Result<SecretBytes<32>> scrypt(ByteView password, ByteView salt, ScryptCost cost) {
  SEALIFT_CHECK(cost.log_n >= 1 && cost.log_n <= 30);
  internal::ensure_sodium();
  SecretBytes<32> key;
  if (crypto_pwhash_scryptsalsa208sha256_ll(
          unsigned_data(password), password.size(), unsigned_data(salt), salt.size(),
          std::uint64_t{1} << cost.log_n, 8, 1, unsigned_data(key.mutable_view()), 32) != 0) {
    return base::fail(ErrorCode::limit, "not enough memory for the passphrase's work factor");
  }
  return key;
}

Result<SecretBytes<32>> argon2id(ByteView password,
                                 std::span<const std::byte, kArgon2SaltSize> salt,
                                 Argon2Cost cost) {
  SEALIFT_CHECK(cost.passes >= 1 && cost.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN);
  internal::ensure_sodium();
  SecretBytes<32> key;
  if (crypto_pwhash_argon2id(unsigned_data(key.mutable_view()), 32, base::text_of(password).data(),
                             password.size(), unsigned_data(salt), cost.passes, cost.memory_bytes,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    return base::fail(ErrorCode::limit, "not enough memory for the password's work factor");
  }
  return key;
}

}  // namespace sealift::crypto
