#include "age/open/open_chunk.h"

namespace sealift::age {

bool open_chunk(crypto::Aead& aead, std::uint64_t chunk, Last last, base::MutableByteView text,
                crypto::AeadTag tag) {
  const bool size_allowed =
      last == Last::yes ? text.size() <= kChunkSize : text.size() == kChunkSize;
  return size_allowed && (!text.empty() || chunk == 0) &&
         aead.open_in_place(chunk_nonce(chunk, last), text, tag);
}

}  // namespace sealift::age
