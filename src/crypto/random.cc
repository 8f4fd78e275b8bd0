#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>

#include "base/check.h"

namespace sealift::crypto {

void SystemRandom::fill(base::MutableByteView out) {
  constexpr std::size_t kPieceMax = std::size_t{1} << 20;
  while (!out.empty()) {
    const base::MutableByteView piece = out.first(std::min(out.size(), kPieceMax));
    SEALIFT_CHECK(RAND_priv_bytes(base::unsigned_data(piece), static_cast<int>(piece.size())) == 1);
    out = out.subspan(piece.size());
  }
}

}  // namespace sealift::crypto
