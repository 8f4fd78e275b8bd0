// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104).
//
// The free functions are thread-safe; a Sha256 object belongs to one thread at a time.
#pragma once

#include <openssl/types.h>

#include <array>
#include <memory>

#include "base/bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kSha256Size = 32;
using Sha256Digest = std::array<std::byte, kSha256Size>;

Sha256Digest sha256(base::ByteView message);

// For input that comes in pieces. After finish() only reset() may follow.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(base::ByteView piece);
  Sha256Digest finish();
  void reset();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// The result may be a key: who keeps it as one wipes it.
Sha256Digest hmac_sha256(base::ByteView key, base::ByteView message);

}  // namespace sealift::crypto
