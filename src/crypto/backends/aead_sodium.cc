// ChaCha20-Poly1305 by libsodium: for builds without OpenSSL (web/core).
#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/internal/sodium.h"

// The header's name for what a backend keeps of a key; libsodium keeps nothing but the key.
struct evp_cipher_ctx_st {
  sealift::crypto::SecretBytes<sealift::crypto::kAeadKeySize> key;
};

namespace sealift::crypto {

using base::ByteView;
using base::MutableByteView;
using base::unsigned_data;

void Aead::Free::operator()(evp_cipher_ctx_st* context) const { delete context; }

Aead::Aead(std::span<const std::byte, kAeadKeySize> key) : context_(new evp_cipher_ctx_st()) {
  internal::ensure_sodium();
  set_key(key);
}

void Aead::set_key(std::span<const std::byte, kAeadKeySize> key) {
  std::ranges::copy(key, context_->key.mutable_view().begin());
}

void Aead::seal(AeadNonce nonce, ByteView plain, MutableByteView sealed, MutableAeadTag tag,
                ByteView associated) {
  SEALIFT_CHECK(plain.size() == sealed.size());
  SEALIFT_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                    unsigned_data(sealed), unsigned_data(tag), nullptr, unsigned_data(plain),
                    plain.size(), unsigned_data(associated), associated.size(), nullptr,
                    unsigned_data(nonce), unsigned_data(context_->key.view())) == 0);
}

// Judges the tag alone: libsodium deciphers nothing when it is given nowhere to put it.
bool Aead::open_unwiped(AeadNonce nonce, ByteView sealed, AeadTag tag, MutableByteView plain,
                        ByteView associated) {
  SEALIFT_CHECK(plain.size() == sealed.size());
  if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(
          nullptr, nullptr, unsigned_data(sealed), sealed.size(), unsigned_data(tag),
          unsigned_data(associated), associated.size(), unsigned_data(nonce),
          unsigned_data(context_->key.view())) != 0) {
    return false;
  }
  // RFC 8439 section 2.8: the text is under the key stream from block 1 on.
  SEALIFT_CHECK(crypto_stream_chacha20_ietf_xor_ic(unsigned_data(plain), unsigned_data(sealed),
                                                   sealed.size(), unsigned_data(nonce), 1,
                                                   unsigned_data(context_->key.view())) == 0);
  return true;
}

bool Aead::open(AeadNonce nonce, ByteView sealed, AeadTag tag, MutableByteView plain,
                ByteView associated) {
  if (open_unwiped(nonce, sealed, tag, plain, associated)) return true;
  wipe(plain);
  return false;
}

// What is refused was never deciphered, and so is as it was.
bool Aead::open_in_place(AeadNonce nonce, MutableByteView text, AeadTag tag, ByteView associated) {
  return open_unwiped(nonce, text, tag, text, associated);
}

base::Bytes aead_seal(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce, ByteView plain,
                      ByteView associated) {
  base::Bytes sealed(plain.size() + kAeadTagSize);
  const MutableByteView out(sealed);
  Aead(key).seal(nonce, plain, out.first(plain.size()), out.last<kAeadTagSize>(), associated);
  return sealed;
}

std::optional<SecretBuffer> aead_open(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce,
                                      ByteView sealed, ByteView associated) {
  if (sealed.size() < kAeadTagSize) return std::nullopt;
  const ByteView text = sealed.first(sealed.size() - kAeadTagSize);
  SecretBuffer plain(text.size());
  if (!Aead(key).open(nonce, text, sealed.last<kAeadTagSize>(), plain.mutable_view(), associated))
    return std::nullopt;
  return plain;
}

}  // namespace sealift::crypto
