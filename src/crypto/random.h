// Random: where keys and nonces come from, passed in by main.
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

class Random {
 public:
  virtual ~Random() = default;

  // Fills all of `out`, or ends the process: there is no weaker source to fall back to.
  virtual void fill(base::MutableByteView out) = 0;

  template <std::size_t N>
  SecretBytes<N> secret() {
    SecretBytes<N> bytes;
    fill(bytes.mutable_view());
    return bytes;
  }

  // Public values: nonces, salts, ids.
  template <std::size_t N>
  std::array<std::byte, N> array() {
    std::array<std::byte, N> bytes;
    fill(bytes);
    return bytes;
  }
};

// OpenSSL's generator for private values, seeded by the kernel. Thread-safe.
class SystemRandom final : public Random {
 public:
  void fill(base::MutableByteView out) override;
};

}  // namespace sealift::crypto
