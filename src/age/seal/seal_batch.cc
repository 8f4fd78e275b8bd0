#include "age/seal/seal_batch.h"

#include "age/seal/seal_chunk.h"

namespace sealift::age::internal {

Outcome seal_batch(crypto::Aead& aead, Batch& batch) {
  for (std::size_t i = 0; i < batch.chunks; ++i)
    seal_chunk(aead, batch.first_chunk() + i, batch.chunk_last(i), batch.chunk_text(i),
               batch.tags[i]);
  return {.chunks = batch.chunks, .error = {}};
}

}  // namespace sealift::age::internal
