// Sealing one chunk of a payload. Thread rules are those of the Aead: one a thread.
#pragma once

#include "age/format/stream.h"

namespace sealift::age {

// Seals `text` in place: at most kChunkSize bytes, exactly that many unless it is the last chunk,
// and at least one unless it is the only chunk. `aead` holds the payload key.
// The caller never seals two different texts as one (chunk, last) under one payload key.
void seal_chunk(crypto::Aead& aead, std::uint64_t chunk, Last last, base::MutableByteView text,
                crypto::MutableAeadTag tag);

}  // namespace sealift::age
