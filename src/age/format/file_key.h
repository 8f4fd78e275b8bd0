// FileKey: the 16 random bytes from which everything secret in one age file is derived. The
// header's stanzas carry it to the recipients; a file key is never used for a second file.
#pragma once

#include "crypto/secret_bytes.h"

namespace sealift::age {

inline constexpr std::size_t kFileKeySize = 16;

using FileKey = crypto::SecretBytes<kFileKeySize>;

}  // namespace sealift::age
