// The one place that starts libsodium. Thread-safe.
#pragma once

namespace sealift::crypto::internal {

// Picks the fastest code for this processor, once; every use of libsodium calls it first.
void ensure_sodium();

}  // namespace sealift::crypto::internal
