// Sealing the chunks of a batch, in place.
#pragma once

#include "age/payload/run.h"

namespace sealift::age::internal {

Outcome seal_batch(crypto::Aead& aead, Batch& batch);

}  // namespace sealift::age::internal
