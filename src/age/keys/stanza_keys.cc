#include "age/keys/stanza_keys.h"

#include <array>

#include "base/base64.h"
#include "crypto/hkdf.h"
#include "crypto/password_hash.h"
#include "crypto/sha256.h"

namespace sealift::age::internal {

using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::Result;

WrapKey x25519_wrap_key(const crypto::SecretBytes<32>& shared, ByteView share, ByteView recipient) {
  Bytes salt = base::copy_of(share);
  base::append(salt, recipient);
  return crypto::hkdf_sha256<32>(
      {.key = shared.view(), .salt = salt, .info = bytes_of(kX25519Label)});
}

std::optional<WrapKey> ssh_ed25519_wrap_key(const crypto::SecretBytes<32>& shared, ByteView share,
                                            ByteView recipient, ByteView ssh_key) {
  // HKDF of no key at all: the tweak only binds the SSH key, and is public.
  const auto extracted = crypto::hmac_sha256(ssh_key, {});
  crypto::X25519Secret tweak;
  crypto::hkdf_sha256_expand(extracted, bytes_of(kSshEd25519Label), tweak.mutable_view());
  const auto tweaked = crypto::x25519(tweak, shared.view());
  if (!tweaked) return std::nullopt;
  Bytes salt = base::copy_of(share);
  base::append(salt, recipient);
  return crypto::hkdf_sha256<32>(
      {.key = tweaked->view(), .salt = salt, .info = bytes_of(kSshEd25519Label)});
}

Result<WrapKey> scrypt_wrap_key(ByteView passphrase, ByteView salt, int log_n) {
  Bytes labeled = base::copy_of(bytes_of(kScryptLabel));
  base::append(labeled, salt);
  return crypto::scrypt(passphrase, labeled, {.log_n = log_n});
}

std::string ssh_tag(ByteView ssh_key) {
  return encode_argument(ByteView(crypto::sha256(ssh_key)).first(kSshTagSize));
}

Bytes wrap_file_key(const WrapKey& key, const FileKey& file_key) {
  static constexpr std::array<std::byte, crypto::kAeadNonceSize> kNonce{};
  return crypto::aead_seal(key.view(), kNonce, file_key.view());
}

std::string encode_argument(ByteView bytes) {
  return base::base64_encode(bytes, base::Padding::none);
}

}  // namespace sealift::age::internal
