// Aead: ChaCha20-Poly1305 (RFC 8439) with one key and a nonce for each message.
//
// The key schedule and the algorithm's look-up are paid once, in the constructor; a message then
// costs its bytes. Never use one (key, nonce) for two different messages: the caller sees to that
// (age/format/stream.h for the payload; keys used once elsewhere).
//
// Not thread-safe: one Aead a thread. Movable.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

struct evp_cipher_ctx_st;  // OpenSSL's EVP_CIPHER_CTX

namespace sealift::crypto {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;

using AeadNonce = std::span<const std::byte, kAeadNonceSize>;
using AeadTag = std::span<const std::byte, kAeadTagSize>;
using MutableAeadTag = std::span<std::byte, kAeadTagSize>;

class Aead {
 public:
  explicit Aead(std::span<const std::byte, kAeadKeySize> key);

  // Replaces the key; the object can be used again for another stream.
  void set_key(std::span<const std::byte, kAeadKeySize> key);

  // `sealed` has the size of `plain`, and is the same memory or does not overlap it.
  void seal(AeadNonce nonce, base::ByteView plain, base::MutableByteView sealed, MutableAeadTag tag,
            base::ByteView associated = {});

  // `plain` has the size of `sealed`, and is the same memory or does not overlap it.
  // False when the tag is not the right one: `plain` has then been wiped.
  [[nodiscard]] bool open(AeadNonce nonce, base::ByteView sealed, AeadTag tag,
                          base::MutableByteView plain, base::ByteView associated = {});

  // Opens `text` where it stands. False when the tag is not the right one: `text` is then the
  // ciphertext again, so that it can be tried as another message.
  [[nodiscard]] bool open_in_place(AeadNonce nonce, base::MutableByteView text, AeadTag tag,
                                   base::ByteView associated = {});

 private:
  bool open_unwiped(AeadNonce nonce, base::ByteView sealed, AeadTag tag,
                    base::MutableByteView plain, base::ByteView associated);

  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };

  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

// One message under a key of its own: ciphertext followed by the tag.
base::Bytes aead_seal(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce,
                      base::ByteView plain, base::ByteView associated = {});

// The other way; nullopt when `sealed` is too short or not authentic.
std::optional<SecretBuffer> aead_open(std::span<const std::byte, kAeadKeySize> key, AeadNonce nonce,
                                      base::ByteView sealed, base::ByteView associated = {});

}  // namespace sealift::crypto
