#include "crypto/internal/sodium.h"

#include <sodium.h>

#include "base/check.h"

namespace sealift::crypto::internal {

void ensure_sodium() {
  static const int started = sodium_init();
  SEALIFT_CHECK(started >= 0);
}

}  // namespace sealift::crypto::internal
