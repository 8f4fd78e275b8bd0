#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "base/check.h"

namespace sealift::crypto {
namespace {

struct FreeAlgorithm {
  void operator()(EVP_KDF* algorithm) const { EVP_KDF_free(algorithm); }
};
struct FreeContext {
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

OSSL_PARAM parameter(const char* name, base::ByteView bytes) {
  // OpenSSL only reads it; its interface has no const.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(bytes.data()),
                                           bytes.size());
}

void derive(int mode, const HkdfInput& input, base::MutableByteView out) {
  SEALIFT_CHECK(!input.key.empty() && !out.empty());
  const std::unique_ptr<EVP_KDF, FreeAlgorithm> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeContext> context(EVP_KDF_CTX_new(algorithm.get()));
  SEALIFT_CHECK(context != nullptr);
  char digest[] = "SHA256";
  std::array<OSSL_PARAM, 6> parameters;
  std::size_t count = 0;
  parameters[count++] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode);
  parameters[count++] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
  parameters[count++] = parameter(OSSL_KDF_PARAM_KEY, input.key);
  // OpenSSL takes absent for empty, and refuses a null pointer.
  if (!input.salt.empty()) parameters[count++] = parameter(OSSL_KDF_PARAM_SALT, input.salt);
  if (!input.info.empty()) parameters[count++] = parameter(OSSL_KDF_PARAM_INFO, input.info);
  parameters[count] = OSSL_PARAM_construct_end();
  SEALIFT_CHECK(
      EVP_KDF_derive(context.get(), base::unsigned_data(out), out.size(), parameters.data()) == 1);
}

}  // namespace

void hkdf_sha256(const HkdfInput& input, base::MutableByteView out) {
  SEALIFT_CHECK(out.size() <= kHkdfOutputSizeMax);
  derive(EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND, input, out);
}

SecretBytes<kHkdfExtractSize> hkdf_sha256_extract(base::ByteView salt, base::ByteView key) {
  SecretBytes<kHkdfExtractSize> out;
  derive(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, {.key = key, .salt = salt, .info = {}},
         out.mutable_view());
  return out;
}

void hkdf_sha256_expand(base::ByteView pseudorandom_key, base::ByteView info,
                        base::MutableByteView out) {
  SEALIFT_CHECK(out.size() <= kHkdfOutputSizeMax);
  derive(EVP_KDF_HKDF_MODE_EXPAND_ONLY, {.key = pseudorandom_key, .salt = {}, .info = info}, out);
}

}  // namespace sealift::crypto
