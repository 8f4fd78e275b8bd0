#include "crypto/rsa_oaep.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <cstring>

#include "base/check.h"
#include "base/limits.h"

namespace sealift::crypto {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;
using base::unsigned_data;

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

Number number_of(ByteView bytes) {
  Number number(BN_bin2bn(unsigned_data(bytes), static_cast<int>(bytes.size()), nullptr));
  SEALIFT_CHECK(number != nullptr);
  return number;
}

Number secret_number_of(ByteView bytes) {
  Number number(BN_secure_new());
  SEALIFT_CHECK(number != nullptr && BN_bin2bn(unsigned_data(bytes), static_cast<int>(bytes.size()),
                                               number.get()) != nullptr);
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  return number;
}

Result<void> judge(const BIGNUM* modulus, const BIGNUM* exponent) {
  const int bits = BN_num_bits(modulus);
  if (bits < limits::kRsaModulusBitsMin || bits > limits::kRsaModulusBitsMax) {
    return fail(ErrorCode::unsupported, "RSA key of unsupported length");
  }
  if (BN_num_bits(exponent) > 32 || BN_num_bits(exponent) < 2) {
    return fail(ErrorCode::unsupported, "RSA key with an unsupported exponent");
  }
  if (!BN_is_odd(modulus) || !BN_is_odd(exponent)) {
    return fail(ErrorCode::malformed, "RSA key with an even modulus or exponent");
  }
  return {};
}

// Null when OpenSSL refuses the numbers.
KeyHandle key_from(OSSL_PARAM_BLD* builder, int selection) {
  const std::unique_ptr<OSSL_PARAM, Free> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  SEALIFT_CHECK(parameters != nullptr && context != nullptr);
  EVP_PKEY* made = nullptr;
  const bool taken = EVP_PKEY_fromdata_init(context.get()) == 1 &&
                     EVP_PKEY_fromdata(context.get(), &made, selection, parameters.get()) == 1;
  KeyHandle key(made);  // OpenSSL 3.0 leaves an empty key behind when it refuses
  if (!taken) return nullptr;
  return key;
}

bool push(OSSL_PARAM_BLD* builder, const char* name, const Number& number) {
  return OSSL_PARAM_BLD_push_BN(builder, name, number.get()) == 1;
}

Number number_in(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  SEALIFT_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  return Number(number);
}

Bytes bytes_of_number(const Number& number) {
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), unsigned_data(bytes));
  return bytes;
}

Context oaep_context(EVP_PKEY* key, int (*start)(EVP_PKEY_CTX*), std::string_view label) {
  Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  SEALIFT_CHECK(context != nullptr && start(context.get()) == 1);
  void* const label_copy = OPENSSL_memdup(label.data(), label.size());
  SEALIFT_CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), label_copy,
                                                 static_cast<int>(label.size())) == 1);
  return context;
}

}  // namespace

Result<RsaPublicKey> RsaPublicKey::from_numbers(const RsaPublicNumbers& numbers) {
  const Number modulus = number_of(numbers.modulus);
  const Number exponent = number_of(numbers.exponent);
  SEALIFT_TRY_VOID(judge(modulus.get(), exponent.get()));
  const std::unique_ptr<OSSL_PARAM_BLD, Free> builder(OSSL_PARAM_BLD_new());
  SEALIFT_CHECK(builder != nullptr && push(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent));
  KeyHandle key = key_from(builder.get(), EVP_PKEY_PUBLIC_KEY);
  if (key == nullptr) return fail(ErrorCode::malformed, "not an RSA public key");
  return RsaPublicKey(std::move(key));
}

std::size_t RsaPublicKey::modulus_size_bytes() const {
  return static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
}

Bytes RsaPublicKey::seal(ByteView plain, std::string_view label) const {
  const Context context = oaep_context(key_.get(), &EVP_PKEY_encrypt_init, label);
  Bytes sealed(modulus_size_bytes());
  std::size_t size = sealed.size();
  SEALIFT_CHECK(EVP_PKEY_encrypt(context.get(), unsigned_data(sealed), &size, unsigned_data(plain),
                                 plain.size()) == 1 &&
                size == sealed.size());
  return sealed;
}

Result<RsaPrivateKey> RsaPrivateKey::from_numbers(const RsaPrivateNumbers& numbers) {
  const Number modulus = number_of(numbers.public_numbers.modulus);
  const Number exponent = number_of(numbers.public_numbers.exponent);
  SEALIFT_TRY_VOID(judge(modulus.get(), exponent.get()));
  const Number d = secret_number_of(numbers.private_exponent);
  const Number p = secret_number_of(numbers.prime1);
  const Number q = secret_number_of(numbers.prime2);
  const Number coefficient = secret_number_of(numbers.coefficient);
  const std::unique_ptr<BN_CTX, Free> scratch(BN_CTX_secure_new());
  const Number product(BN_secure_new());
  const Number one_less(BN_secure_new());
  const Number exponent1(BN_secure_new());
  const Number exponent2(BN_secure_new());
  if (BN_mul(product.get(), p.get(), q.get(), scratch.get()) != 1 ||
      BN_cmp(product.get(), modulus.get()) != 0 || BN_is_one(p.get()) || BN_is_one(q.get()) ||
      BN_is_negative(d.get()) || BN_num_bits(d.get()) > BN_num_bits(modulus.get())) {
    return fail(ErrorCode::malformed, "RSA private key whose numbers do not belong together");
  }
  SEALIFT_CHECK(BN_sub(one_less.get(), p.get(), BN_value_one()) == 1 &&
                BN_mod(exponent1.get(), d.get(), one_less.get(), scratch.get()) == 1 &&
                BN_sub(one_less.get(), q.get(), BN_value_one()) == 1 &&
                BN_mod(exponent2.get(), d.get(), one_less.get(), scratch.get()) == 1);
  const std::unique_ptr<OSSL_PARAM_BLD, Free> builder(OSSL_PARAM_BLD_new());
  SEALIFT_CHECK(builder != nullptr && push(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_D, d) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_FACTOR2, q) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_EXPONENT1, exponent1) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_EXPONENT2, exponent2) &&
                push(builder.get(), OSSL_PKEY_PARAM_RSA_COEFFICIENT1, coefficient));
  KeyHandle key = key_from(builder.get(), EVP_PKEY_KEYPAIR);
  if (key == nullptr) return fail(ErrorCode::malformed, "not an RSA private key");
  return from_handle(std::move(key));
}

Result<RsaPrivateKey> RsaPrivateKey::from_handle(KeyHandle key) {
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1) {
    return fail(ErrorCode::unsupported, "not an RSA private key");
  }
  SEALIFT_TRY_VOID(judge(number_in(key.get(), OSSL_PKEY_PARAM_RSA_N).get(),
                         number_in(key.get(), OSSL_PKEY_PARAM_RSA_E).get()));
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (context == nullptr || EVP_PKEY_pairwise_check(context.get()) != 1) {
    return fail(ErrorCode::malformed, "RSA private key whose numbers do not belong together");
  }
  return RsaPrivateKey(std::move(key));
}

Bytes RsaPrivateKey::modulus() const {
  return bytes_of_number(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_N));
}

Bytes RsaPrivateKey::exponent() const {
  return bytes_of_number(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_E));
}

std::optional<SecretBuffer> RsaPrivateKey::open(ByteView sealed, std::string_view label) const {
  const Context context = oaep_context(key_.get(), &EVP_PKEY_decrypt_init, label);
  SecretBuffer plain(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  std::size_t size = plain.size();
  if (EVP_PKEY_decrypt(context.get(), unsigned_data(plain.mutable_view()), &size,
                       unsigned_data(sealed), sealed.size()) != 1) {
    return std::nullopt;
  }
  plain.truncate(size);
  return plain;
}

}  // namespace sealift::crypto
