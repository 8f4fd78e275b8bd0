#include "crypto/mlkem768.h"

namespace sealift::crypto {

bool mlkem768_is_public(std::span<const std::byte, kMlKem768PublicSize> key) {
  constexpr unsigned kModulus = 3329;
  constexpr std::size_t kCoefficientsSize = kMlKem768PublicSize - 32;  // a 32-byte seed follows
  // two coefficients of 12 bits in three bytes
  for (std::size_t at = 0; at < kCoefficientsSize; at += 3) {
    const auto low = std::to_integer<unsigned>(key[at]);
    const auto middle = std::to_integer<unsigned>(key[at + 1]);
    const auto high = std::to_integer<unsigned>(key[at + 2]);
    if ((low | (middle & 15) << 8) >= kModulus || (middle >> 4 | high << 4) >= kModulus) {
      return false;
    }
  }
  return true;
}

}  // namespace sealift::crypto
