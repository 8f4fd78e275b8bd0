#include "parcel/padme.h"

#include <bit>

#include "base/check.h"

namespace sealift::parcel {

std::uint64_t padme_size(std::uint64_t size_bytes) {
  SEALIFT_CHECK(size_bytes < std::uint64_t{1} << 63);
  if (size_bytes < 2) return size_bytes;
  const auto exponent = static_cast<unsigned>(std::bit_width(size_bytes) - 1);
  const auto kept_bits = static_cast<unsigned>(std::bit_width(exponent));
  const unsigned zero_bits = exponent > kept_bits ? exponent - kept_bits : 0;
  const std::uint64_t mask = (std::uint64_t{1} << zero_bits) - 1;
  return (size_bytes + mask) & ~mask;
}

}  // namespace sealift::parcel
