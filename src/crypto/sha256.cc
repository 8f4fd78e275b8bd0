#include "crypto/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace sealift::crypto {

using base::ByteView;
using base::unsigned_data;

namespace {

// Looked up once: a look-up by name costs more than hashing a short message.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  SEALIFT_CHECK(algorithm != nullptr);
  return algorithm;
}

}  // namespace

Sha256Digest sha256(ByteView message) {
  Sha256Digest digest;
  SEALIFT_CHECK(EVP_Digest(message.data(), message.size(), unsigned_data(digest), nullptr,
                           sha256_algorithm(), nullptr) == 1);
  return digest;
}

void Sha256::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { reset(); }
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView piece) {
  SEALIFT_CHECK(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  SEALIFT_CHECK(EVP_DigestFinal_ex(context_.get(), unsigned_data(digest), nullptr) == 1);
  return digest;
}

void Sha256::reset() {
  SEALIFT_CHECK(context_ != nullptr &&
                EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr) == 1);
}

Sha256Digest hmac_sha256(ByteView key, ByteView message) {
  Sha256Digest digest;
  // HMAC() takes a null key for "the key of the last call": an empty key needs an address.
  static constexpr unsigned char kEmpty = 0;
  const unsigned char* const key_data = key.empty() ? &kEmpty : unsigned_data(key);
  SEALIFT_CHECK(HMAC(sha256_algorithm(), key_data, static_cast<int>(key.size()),
                     unsigned_data(message), message.size(), unsigned_data(digest),
                     nullptr) != nullptr);
  return digest;
}

}  // namespace sealift::crypto
