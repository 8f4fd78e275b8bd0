#include "age/seal/seal_chunk.h"

#include "base/check.h"

namespace sealift::age {

void seal_chunk(crypto::Aead& aead, std::uint64_t chunk, Last last, base::MutableByteView text,
                crypto::MutableAeadTag tag) {
  SEALIFT_CHECK(last == Last::yes ? text.size() <= kChunkSize : text.size() == kChunkSize);
  SEALIFT_CHECK(!text.empty() || chunk == 0);
  aead.seal(chunk_nonce(chunk, last), text, text, tag);
}

}  // namespace sealift::age
