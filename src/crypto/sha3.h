// SHA3-256 and SHAKE (FIPS 202), as X-Wing needs them. Thread-safe.
#pragma once

#include <array>

#include "base/bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kSha3Size = 32;

std::array<std::byte, kSha3Size> sha3_256(base::ByteView message);

// Fills `out` with the first out.size() bytes of the stream.
void shake128(base::ByteView message, base::MutableByteView out);
void shake256(base::ByteView message, base::MutableByteView out);

}  // namespace sealift::crypto
