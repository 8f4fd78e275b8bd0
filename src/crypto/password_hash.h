// Keys from what people can remember: scrypt (RFC 7914) and Argon2id (RFC 9106). Thread-safe.
//
// Both are slow and take memory on purpose. libsodium's scrypt takes 0.9 s for log_n 18 where
// OpenSSL's takes 1.2 s.
#pragma once

#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

struct ScryptCost {
  int log_n;  // 1 to 30; the work doubles with each step, and takes 2^log_n KiB of memory
};

// r = 8 and p = 1, as age has them. Errors: limit (the memory could not be had).
base::Result<SecretBytes<32>> scrypt(base::ByteView password, base::ByteView salt, ScryptCost cost);

inline constexpr std::size_t kArgon2SaltSize = 16;

struct Argon2Cost {
  unsigned passes;           // at least 1
  std::size_t memory_bytes;  // at least 8192
};

// One lane. Errors: limit (the memory could not be had).
base::Result<SecretBytes<32>> argon2id(base::ByteView password,
                                       std::span<const std::byte, kArgon2SaltSize> salt,
                                       Argon2Cost cost);

}  // namespace sealift::crypto
