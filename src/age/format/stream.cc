#include "age/format/stream.h"

#include <algorithm>

#include "crypto/hkdf.h"

namespace sealift::age {

PayloadKey derive_payload_key(const FileKey& file_key, const PayloadNonce& nonce) {
  return crypto::hkdf_sha256<crypto::kAeadKeySize>(
      {.key = file_key.view(), .salt = nonce, .info = base::bytes_of("payload")});
}

ChunkNonce chunk_nonce(std::uint64_t chunk, Last last) {
  ChunkNonce nonce{};
  nonce[11] = last == Last::yes ? std::byte{1} : std::byte{0};
  for (std::size_t i = 0; i < 8; ++i) nonce[10 - i] = static_cast<std::byte>(chunk >> (8 * i));
  return nonce;
}

std::uint64_t chunk_count(std::uint64_t text_size) {
  return std::max<std::uint64_t>(1, text_size / kChunkSize + (text_size % kChunkSize != 0));
}

std::uint64_t sealed_size(std::uint64_t text_size) {
  return text_size + chunk_count(text_size) * kChunkTagSize;
}

std::optional<std::uint64_t> text_size(std::uint64_t sealed_size) {
  const std::uint64_t whole = sealed_size / kSealedChunkSize;
  const std::uint64_t rest = sealed_size % kSealedChunkSize;
  if (rest == 0) return whole == 0 ? std::nullopt : std::optional(whole * kChunkSize);
  // A last chunk without text is only allowed when it is the only one.
  if (rest < kChunkTagSize || (rest == kChunkTagSize && whole != 0)) return std::nullopt;
  return whole * kChunkSize + (rest - kChunkTagSize);
}

}  // namespace sealift::age
