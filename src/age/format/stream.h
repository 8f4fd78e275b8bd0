// The payload of an age file: a nonce, then STREAM chunks (C2SP age.md, "Payload").
//
//   payload = nonce (16 bytes) , chunk* , last chunk
//   chunk   = ChaCha20-Poly1305(key, chunk nonce, 65536 bytes of text)      65552 bytes
//   last    = the same over 1 to 65536 bytes, or over none when the whole text is empty
//   key     = HKDF-SHA256(file key, salt = nonce, info = "payload")
//   chunk nonce = 11 bytes big-endian chunk number, 1 byte: 01 for the last chunk, else 00
//
// Chunk k of the text starts at 65536 k, and in the payload at 16 + 65552 k: keys and nonces follow
// from k alone, so chunks can be sealed and opened in any order, by any number of threads.
//
// Pure functions, callable from any thread. Sealing a chunk: age/seal/seal_chunk.h; opening one:
// age/open/open_chunk.h; whole payloads: age/seal/seal_payload.h, age/open/open_payload.h,
// age/open/open_reader_at.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "age/format/file_key.h"
#include "crypto/aead.h"

namespace sealift::age {

inline constexpr std::size_t kPayloadNonceSize = 16;
inline constexpr std::size_t kChunkSize = std::size_t{64} << 10;
inline constexpr std::size_t kChunkTagSize = crypto::kAeadTagSize;
inline constexpr std::size_t kSealedChunkSize = kChunkSize + kChunkTagSize;

using PayloadNonce = std::array<std::byte, kPayloadNonceSize>;
using PayloadKey = crypto::SecretBytes<crypto::kAeadKeySize>;
using ChunkNonce = std::array<std::byte, crypto::kAeadNonceSize>;

// Whether a chunk ends the payload.
enum class Last { no, yes };

PayloadKey derive_payload_key(const FileKey& file_key, const PayloadNonce& nonce);

ChunkNonce chunk_nonce(std::uint64_t chunk, Last last);

// How many chunks a text of this size has: at least one.
std::uint64_t chunk_count(std::uint64_t text_size);

// Size of the chunks together, without the payload's nonce.
std::uint64_t sealed_size(std::uint64_t text_size);

// The inverse; nullopt when no text has chunks of this size.
std::optional<std::uint64_t> text_size(std::uint64_t sealed_size);

}  // namespace sealift::age
