// RSAES-OAEP (RFC 8017) with SHA-256, for keys that people have for SSH. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/secret_bytes.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace sealift::crypto {

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using KeyHandle = std::unique_ptr<evp_pkey_st, FreeKey>;

// Unsigned integers, big-endian, leading zeros allowed.
struct RsaPublicNumbers {
  base::ByteView modulus;
  base::ByteView exponent;
};
struct RsaPrivateNumbers {
  RsaPublicNumbers public_numbers;
  base::ByteView private_exponent;
  base::ByteView prime1, prime2;
  base::ByteView coefficient;  // prime2^-1 mod prime1
};

class RsaPublicKey {
 public:
  // Errors: malformed; unsupported (modulus or exponent outside base/limits.h).
  static base::Result<RsaPublicKey> from_numbers(const RsaPublicNumbers& numbers);

  std::size_t modulus_size_bytes() const;
  base::Bytes seal(base::ByteView plain, std::string_view label) const;

 private:
  explicit RsaPublicKey(KeyHandle key) : key_(std::move(key)) {}
  KeyHandle key_;
};

class RsaPrivateKey {
 public:
  // Errors: as RsaPublicKey, and malformed when the numbers do not belong together.
  static base::Result<RsaPrivateKey> from_numbers(const RsaPrivateNumbers& numbers);
  // Takes a key that OpenSSL read. Errors: as RsaPublicKey.
  static base::Result<RsaPrivateKey> from_handle(KeyHandle key);

  // Big-endian, no leading zeros.
  base::Bytes modulus() const;
  base::Bytes exponent() const;

  // nullopt when `sealed` was not made for this key and label; how it failed is not told.
  std::optional<SecretBuffer> open(base::ByteView sealed, std::string_view label) const;

 private:
  explicit RsaPrivateKey(KeyHandle key) : key_(std::move(key)) {}
  KeyHandle key_;
};

}  // namespace sealift::crypto
