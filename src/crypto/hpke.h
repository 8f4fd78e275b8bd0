// HPKE (RFC 9180), the part that age uses: base mode, one message, HKDF-SHA256 and
// ChaCha20-Poly1305, no associated data. The KEM is the caller's. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr std::uint16_t kHpkeKemXWing = 0x647a;

// A key and nonce made by one encapsulation: seals one message, or opens it.
class HpkeContext {
 public:
  // `shared` is what the KEM gave; `info` binds the purpose.
  HpkeContext(std::uint16_t kem_id, const SecretBytes<32>& shared, base::ByteView info);

  // Consumes the context, so that its nonce is used once.
  base::Bytes seal(base::ByteView plain) &&;
  std::optional<SecretBuffer> open(base::ByteView sealed) &&;  // nullopt: not authentic

 private:
  SecretBytes<32> key_;
  SecretBytes<12> nonce_;
};

}  // namespace sealift::crypto
