#include "crypto/ssh_protection.h"

#include <botan/exceptn.h>
#include <botan/pwdhash.h>
#include <openssl/evp.h>

#include <memory>

#include "base/check.h"

namespace sealift::crypto {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kIvSize = 16;
constexpr std::size_t kBlockSize = 16;

const EVP_CIPHER* cipher_of(std::string_view name) {
  if (name == "aes256-ctr") return ::EVP_aes_256_ctr();
  if (name == "aes256-cbc") return ::EVP_aes_256_cbc();
  return nullptr;
}

bool derive(const SshProtection& protection, const SecretBuffer& passphrase,
            base::MutableByteView out) {
  try {
    const auto family = Botan::PasswordHashFamily::create_or_throw("Bcrypt-PBKDF");
    const auto hash = family->from_params(protection.rounds);
    hash->derive_key(base::unsigned_data(out), out.size(), base::text_of(passphrase.view()).data(),
                     passphrase.size(), base::unsigned_data(protection.salt),
                     protection.salt.size());
    return true;
  } catch (const Botan::Exception&) {
    return false;
  }
}

}  // namespace

base::Result<SecretBuffer> unprotect_ssh_key(const SshProtection& protection,
                                             const SecretBuffer& passphrase, base::ByteView part) {
  const EVP_CIPHER* const cipher = cipher_of(protection.cipher);
  if (cipher == nullptr)
    return base::fail(base::ErrorCode::unsupported, "SSH private key protected by another cipher");
  SecretBytes<kKeySize + kIvSize> key;
  const bool fits = !passphrase.empty() && !part.empty() && part.size() % kBlockSize == 0;
  if (!fits || !derive(protection, passphrase, key.mutable_view()))
    return base::fail(base::ErrorCode::malformed, "malformed SSH private key, or no passphrase");

  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&::EVP_CIPHER_CTX_free)> context(
      ::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free);
  SEALIFT_CHECK(context != nullptr);
  SecretBuffer plain(part.size());
  int size = 0;
  const base::ByteView key_bytes = key.view();
  const bool done =
      ::EVP_DecryptInit_ex(context.get(), cipher, nullptr,
                           base::unsigned_data(key_bytes.first(kKeySize)),
                           base::unsigned_data(key_bytes.last(kIvSize))) == 1 &&
      ::EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      ::EVP_DecryptUpdate(context.get(), base::unsigned_data(plain.mutable_view()), &size,
                          base::unsigned_data(part), static_cast<int>(part.size())) == 1;
  SEALIFT_CHECK(done && static_cast<std::size_t>(size) == part.size());
  return plain;
}

}  // namespace sealift::crypto
