// HKDF with SHA-256 (RFC 5869).
#pragma once

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kHkdfExtractSize = 32;
inline constexpr std::size_t kHkdfOutputSizeMax = 255 * 32;

struct HkdfInput {
  base::ByteView key;   // input keying material; not empty
  base::ByteView salt;  // may be empty
  base::ByteView info;  // the label: what the output is for
};

// Extract, then expand, filling `out` (1 to kHkdfOutputSizeMax bytes).
void hkdf_sha256(const HkdfInput& input, base::MutableByteView out);

// The two halves, for constructions that use them apart (HPKE).
SecretBytes<kHkdfExtractSize> hkdf_sha256_extract(base::ByteView salt, base::ByteView key);
void hkdf_sha256_expand(base::ByteView pseudorandom_key, base::ByteView info,
                        base::MutableByteView out);

template <std::size_t N>
SecretBytes<N> hkdf_sha256(const HkdfInput& input) {
  SecretBytes<N> out;
  hkdf_sha256(input, out.mutable_view());
  return out;
}

}  // namespace sealift::crypto
