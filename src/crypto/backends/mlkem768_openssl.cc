// ML-KEM-768 by OpenSSL 3.5 and later (EVP_PKEY-ML-KEM(7), EVP_KEM-ML-KEM(7)).
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "base/check.h"
#include "crypto/mlkem768.h"

namespace sealift::crypto {

using base::ByteView;
using base::unsigned_data;

namespace {

constexpr const char* kAlgorithm = "ML-KEM-768";
// Spelled here so that this file compiles, and is checked, with older headers too.
constexpr const char* kParameterSeed = "seed";               // OSSL_PKEY_PARAM_ML_KEM_SEED
constexpr const char* kParameterEncapsulateRandom = "ikme";  // OSSL_KEM_PARAM_IKME

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

// OpenSSL only reads the value; its interface has no const.
OSSL_PARAM parameter(const char* name, ByteView value) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(value.data()),
                                           value.size());
}

// Null when OpenSSL refuses the value.
Key import_key(const char* name, ByteView value, int selection) {
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kAlgorithm, nullptr));
  SEALIFT_CHECK(context != nullptr);
  OSSL_PARAM parameters[] = {parameter(name, value), OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, parameters) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key key_of(const MlKem768Seed& seed) {
  Key key = import_key(kParameterSeed, seed.view(), EVP_PKEY_KEYPAIR);
  SEALIFT_CHECK(key != nullptr);
  return key;
}

}  // namespace

bool mlkem768_available() { return true; }

MlKem768Public mlkem768_public(const MlKem768Seed& seed) {
  const Key key = key_of(seed);
  MlKem768Public result;
  std::size_t size = 0;
  SEALIFT_CHECK(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                unsigned_data(result), result.size(), &size) == 1 &&
                size == result.size());
  return result;
}

std::optional<MlKem768Encapsulated> mlkem768_encapsulate(
    std::span<const std::byte, kMlKem768PublicSize> public_key, const SecretBytes<32>& randomness) {
  if (!mlkem768_is_public(public_key)) return std::nullopt;
  const Key key = import_key(OSSL_PKEY_PARAM_PUB_KEY, public_key, EVP_PKEY_PUBLIC_KEY);
  if (key == nullptr) return std::nullopt;
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  const OSSL_PARAM parameters[] = {parameter(kParameterEncapsulateRandom, randomness.view()),
                                   OSSL_PARAM_construct_end()};
  MlKem768Encapsulated result;
  std::size_t ciphertext_size = result.ciphertext.size();
  std::size_t shared_size = MlKem768Shared::kSize;
  SEALIFT_CHECK(context != nullptr && EVP_PKEY_encapsulate_init(context.get(), parameters) == 1 &&
                EVP_PKEY_encapsulate(context.get(), unsigned_data(result.ciphertext),
                                     &ciphertext_size, unsigned_data(result.shared.mutable_view()),
                                     &shared_size) == 1);
  SEALIFT_CHECK(ciphertext_size == result.ciphertext.size() &&
                shared_size == MlKem768Shared::kSize);
  return result;
}

MlKem768Shared mlkem768_decapsulate(
    const MlKem768Seed& seed, std::span<const std::byte, kMlKem768CiphertextSize> ciphertext) {
  const Key key = key_of(seed);
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  MlKem768Shared shared;
  std::size_t shared_size = MlKem768Shared::kSize;
  SEALIFT_CHECK(context != nullptr && EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1 &&
                EVP_PKEY_decapsulate(context.get(), unsigned_data(shared.mutable_view()),
                                     &shared_size, unsigned_data(ciphertext),
                                     ciphertext.size()) == 1 &&
                shared_size == MlKem768Shared::kSize);
  return shared;
}

}  // namespace sealift::crypto
