// SHA-256 and HMAC-SHA256 by libsodium: for builds without OpenSSL (web/core).
#include <sodium.h>

#include "base/check.h"
#include "crypto/sha256.h"

// The header's name for what a backend keeps of a hash under way.
struct evp_md_ctx_st {
  crypto_hash_sha256_state sodium;
};

namespace sealift::crypto {

using base::ByteView;
using base::unsigned_data;

Sha256Digest sha256(ByteView message) {
  Sha256Digest digest;
  SEALIFT_CHECK(crypto_hash_sha256(unsigned_data(digest), unsigned_data(message), message.size()) ==
                0);
  return digest;
}

void Sha256::Free::operator()(EVP_MD_CTX* context) const { delete context; }

Sha256::Sha256() : context_(new EVP_MD_CTX()) { reset(); }
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView piece) {
  SEALIFT_CHECK(crypto_hash_sha256_update(&context_->sodium, unsigned_data(piece), piece.size()) ==
                0);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  SEALIFT_CHECK(crypto_hash_sha256_final(&context_->sodium, unsigned_data(digest)) == 0);
  return digest;
}

void Sha256::reset() { SEALIFT_CHECK(crypto_hash_sha256_init(&context_->sodium) == 0); }

Sha256Digest hmac_sha256(ByteView key, ByteView message) {
  Sha256Digest digest;
  crypto_auth_hmacsha256_state state;
  SEALIFT_CHECK(crypto_auth_hmacsha256_init(&state, unsigned_data(key), key.size()) == 0 &&
                crypto_auth_hmacsha256_update(&state, unsigned_data(message), message.size()) ==
                    0 &&
                crypto_auth_hmacsha256_final(&state, unsigned_data(digest)) == 0);
  sodium_memzero(&state, sizeof state);
  return digest;
}

}  // namespace sealift::crypto
