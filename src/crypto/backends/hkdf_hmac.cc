// HKDF (RFC 5869) on the library's HMAC: for libraries that have no HKDF of their own (libsodium
// before 1.0.19).
#include <algorithm>

#include "base/check.h"
#include "crypto/hkdf.h"
#include "crypto/sha256.h"

namespace sealift::crypto {

using base::ByteView;
using base::MutableByteView;

SecretBytes<kHkdfExtractSize> hkdf_sha256_extract(ByteView salt, ByteView key) {
  Sha256Digest digest = hmac_sha256(salt, key);
  auto extracted = SecretBytes<kHkdfExtractSize>::copy_of(digest);
  wipe(digest);
  return extracted;
}

// T(n) = HMAC(key, T(n-1) || info || n); the output is T(1) || T(2) || ...
void hkdf_sha256_expand(ByteView pseudorandom_key, ByteView info, MutableByteView out) {
  SEALIFT_CHECK(!out.empty() && out.size() <= kHkdfOutputSizeMax);
  SecretBuffer message(kSha256Size + info.size() + 1);
  std::size_t before = 0;  // of T(n-1)
  for (unsigned n = 1; !out.empty(); ++n) {
    const MutableByteView tail = message.mutable_view().subspan(before);
    std::ranges::copy(info, tail.begin());
    tail[info.size()] = static_cast<std::byte>(n);
    Sha256Digest block =
        hmac_sha256(pseudorandom_key, message.view().first(before + info.size() + 1));
    const std::size_t taken = std::min(out.size(), block.size());
    std::copy_n(block.begin(), taken, out.begin());
    std::ranges::copy(block, message.mutable_view().begin());
    wipe(block);
    before = kSha256Size;
    out = out.subspan(taken);
  }
}

void hkdf_sha256(const HkdfInput& input, MutableByteView out) {
  SEALIFT_CHECK(!input.key.empty());
  const auto extracted = hkdf_sha256_extract(input.salt, input.key);
  hkdf_sha256_expand(extracted.view(), input.info, out);
}

}  // namespace sealift::crypto
