#include "age/open/open_stanza.h"

namespace sealift::age::internal {

std::optional<FileKey> as_file_key(const std::optional<crypto::SecretBuffer>& opened) {
  if (!opened || opened->size() != kFileKeySize) return std::nullopt;
  return FileKey::copy_of(opened->view().first<kFileKeySize>());
}

std::optional<FileKey> unwrap_file_key(const WrapKey& key, base::ByteView body) {
  static constexpr std::array<std::byte, crypto::kAeadNonceSize> kNonce{};
  return as_file_key(crypto::aead_open(key.view(), kNonce, body));
}

}  // namespace sealift::age::internal
