// Random values straight from the platform (getentropy): in a browser crypto.getRandomValues().
#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "crypto/random.h"

namespace sealift::crypto {

void SystemRandom::fill(base::MutableByteView out) {
  constexpr std::size_t kPieceMax = 256;  // what getentropy() gives at once
  while (!out.empty()) {
    const base::MutableByteView piece = out.first(std::min(out.size(), kPieceMax));
    SEALIFT_CHECK(::getentropy(piece.data(), piece.size()) == 0);
    out = out.subspan(piece.size());
  }
}

}  // namespace sealift::crypto
