#include "crypto/private_key_pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>

#include "base/check.h"

namespace sealift::crypto {

using base::Error;
using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

struct Question {
  const std::function<Result<SecretBuffer>()>& passphrase;
  bool asked = false;
  std::optional<Error> failure;
};

// OpenSSL's pem_password_cb: the passphrase's size, or -1.
int answer(char* buffer, int size, int /*writing*/, void* data) {
  auto& question = *static_cast<Question*>(data);
  question.asked = true;
  auto passphrase = question.passphrase();
  if (!passphrase) {
    question.failure = std::move(passphrase).error();
    return -1;
  }
  const auto bytes = passphrase->view();
  if (bytes.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(base::text_of(bytes), buffer);
  return static_cast<int>(bytes.size());
}

}  // namespace

Result<PrivateKey> read_private_key_pem(std::string_view pem,
                                        const std::function<Result<SecretBuffer>()>& passphrase) {
  if (pem.empty()) return fail(ErrorCode::malformed, "malformed private key");
  const std::unique_ptr<BIO, decltype(&BIO_free)> input(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  SEALIFT_CHECK(input != nullptr);
  Question question{.passphrase = passphrase, .asked = false, .failure = {}};
  KeyHandle key(PEM_read_bio_PrivateKey(input.get(), nullptr, &answer, &question));
  ERR_clear_error();
  if (question.failure) return tl::unexpected(*std::move(question.failure));
  if (key == nullptr) {
    return question.asked ? fail(ErrorCode::no_match, "wrong passphrase for the private key")
                          : fail(ErrorCode::malformed, "malformed private key");
  }
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    SecretBytes<32> seed;
    std::size_t size = seed.view().size();
    SEALIFT_CHECK(EVP_PKEY_get_raw_private_key(key.get(), base::unsigned_data(seed.mutable_view()),
                                               &size) == 1);
    return Ed25519Secret::from_seed(seed.view());
  }
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    SEALIFT_TRY(RsaPrivateKey rsa, RsaPrivateKey::from_handle(std::move(key)));
    return rsa;
  }
  return fail(ErrorCode::unsupported, "private key of a kind that cannot receive");
}

}  // namespace sealift::crypto
