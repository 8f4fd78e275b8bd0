#include "tls/certificate_times.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <ctime>
#include <memory>

namespace sealift::tls {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::unique_ptr<BIO, FreeBio> reader_of(std::string_view pem) {
  return std::unique_ptr<BIO, FreeBio>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::unique_ptr<X509, FreeCertificate> certificate_of(std::string_view pem) {
  const auto text = reader_of(pem);
  return std::unique_ptr<X509, FreeCertificate>(
      text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr);
}

// A key under a passphrase is none: nobody is asked for it.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

bool is_private_key_of(const std::string& certificate_pem, std::string_view key_pem) {
  const auto certificate = certificate_of(certificate_pem);
  const auto text = reader_of(key_pem);
  const std::unique_ptr<EVP_PKEY, FreeKey> key(
      text ? PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr) : nullptr);
  return certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

base::Result<base::UnixTime> expiry_of(const std::string& pem) {
  const auto certificate = certificate_of(pem);
  if (!certificate) return base::fail(base::ErrorCode::malformed, "no certificate");
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &parts) != 1)
    return base::fail(base::ErrorCode::malformed, "the certificate's time");
  return base::UnixTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace sealift::tls
