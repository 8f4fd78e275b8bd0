#include "crypto/aead.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace sealift::crypto {
namespace {

// Looked up once in the process and never freed: it is immutable, and contexts share it.
const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const cached = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  SEALIFT_CHECK(cached != nullptr);
  return cached;
}

constexpr int kKeepDirection = -1;
constexpr int kSeal = 1;
constexpr int kOpen = 0;

void start(EVP_CIPHER_CTX* context, AeadNonce nonce, base::ByteView associated, int direction) {
  SEALIFT_CHECK(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr,
                                  base::unsigned_data(base::ByteView(nonce)), direction) == 1);
  int moved = 0;
  if (!associated.empty())
    SEALIFT_CHECK(EVP_CipherUpdate(context, nullptr, &moved, base::unsigned_data(associated),
                                   static_cast<int>(associated.size())) == 1);
}

void transform(EVP_CIPHER_CTX* context, base::ByteView in, base::MutableByteView out) {
  SEALIFT_CHECK(in.size() == out.size());
  SEALIFT_CHECK(in.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  int moved = 0;
  if (!in.empty())
    SEALIFT_CHECK(EVP_CipherUpdate(context, base::unsigned_data(out), &moved,
                                   base::unsigned_data(in), static_cast<int>(in.size())) == 1);
}

bool finish(EVP_CIPHER_CTX* context) {
  unsigned char none[1];
  int moved = 0;
  return EVP_CipherFinal_ex(context, none, &moved) == 1;
}

}  // namespace

void Aead::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

Aead::Aead(std::span<const std::byte, kAeadKeySize> key) : context_(EVP_CIPHER_CTX_new()) {
  SEALIFT_CHECK(context_ != nullptr);
  SEALIFT_CHECK(EVP_CipherInit_ex(context_.get(), cipher(), nullptr, nullptr, nullptr, kSeal) == 1);
  set_key(key);
}

void Aead::set_key(std::span<const std::byte, kAeadKeySize> key) {
  SEALIFT_CHECK(EVP_CipherInit_ex(context_.get(), nullptr, nullptr,
                                  base::unsigned_data(base::ByteView(key)), nullptr,
                                  kKeepDirection) == 1);
}

void Aead::seal(AeadNonce nonce, base::ByteView plain, base::MutableByteView sealed,
                MutableAeadTag tag, base::ByteView associated) {
  start(context_.get(), nonce, associated, kSeal);
  transform(context_.get(), plain, sealed);
  SEALIFT_CHECK(finish(context_.get()));
  SEALIFT_CHECK(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize,
                                    base::unsigned_data(base::MutableByteView(tag))) == 1);
}

// Leaves unverified plaintext in `plain` when it fails: for the two functions below alone.
bool Aead::open_unwiped(AeadNonce nonce, base::ByteView sealed, AeadTag tag,
                        base::MutableByteView plain, base::ByteView associated) {
  start(context_.get(), nonce, associated, kOpen);
  // OpenSSL copies the tag; its interface has no const.
  std::byte expected[kAeadTagSize];
  std::copy(tag.begin(), tag.end(), expected);
  SEALIFT_CHECK(
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, expected) == 1);
  transform(context_.get(), sealed, plain);
  return finish(context_.get());
}

bool Aead::open(AeadNonce nonce, base::ByteView sealed, AeadTag tag, base::MutableByteView plain,
                base::ByteView associated) {
  if (open_unwiped(nonce, sealed, tag, plain, associated)) return true;
  wipe(plain);
  return false;
}

bool Aead::open_in_place(AeadNonce nonce, base::MutableByteView text, AeadTag tag,
                         base::ByteView associated) {
  if (open_unwiped(nonce, text, tag, text, associated)) return true;
  // The cipher is its own inverse: the same key stream again gives the ciphertext back.
  start(context_.get(), nonce, {}, kSeal);
  transform(context_.get(), text, text);
  return false;
}

base::Bytes aead_seal(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce,
                      base::ByteView plain, base::ByteView associated) {
  base::Bytes sealed(plain.size() + kAeadTagSize);
  const base::MutableByteView out(sealed);
  Aead(key).seal(nonce, plain, out.first(plain.size()), out.last<kAeadTagSize>(), associated);
  return sealed;
}

std::optional<SecretBuffer> aead_open(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce,
                                      base::ByteView sealed, base::ByteView associated) {
  if (sealed.size() < kAeadTagSize) return std::nullopt;
  const base::ByteView text = sealed.first(sealed.size() - kAeadTagSize);
  SecretBuffer plain(text.size());
  if (!Aead(key).open(nonce, text, sealed.last<kAeadTagSize>(), plain.mutable_view(), associated))
    return std::nullopt;
  return plain;
}

}  // namespace sealift::crypto
