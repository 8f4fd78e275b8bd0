// Opening one chunk of a payload. Thread rules are those of the Aead: one a thread.
#pragma once

#include "age/format/stream.h"

namespace sealift::age {

// Opens `text` in place. False when the chunk is not authentic as this (chunk, last), or has a size
// that the format does not allow there; `text` is then as it was before.
[[nodiscard]] bool open_chunk(crypto::Aead& aead, std::uint64_t chunk, Last last,
                              base::MutableByteView text, crypto::AeadTag tag);

}  // namespace sealift::age
