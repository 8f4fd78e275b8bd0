#include "tls/certificate_check.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>

#include "base/hex.h"

namespace sealift::tls {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
template <typename Type>
using Handle = std::unique_ptr<Type, Free>;

// In their order; empty for other text.
Handle<STACK_OF(X509)> certificates_of(std::string_view pem) {
  Handle<STACK_OF(X509)> chain(sk_X509_new_null());
  const Handle<BIO> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (text && chain) {
    Handle<X509> next(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    if (!next || sk_X509_push(chain.get(), next.get()) == 0) break;
    static_cast<void>(next.release());
  }
  ERR_clear_error();  // the end of the text is one
  return chain;
}

}  // namespace

std::string fingerprint_text(const CertificateFingerprint& fingerprint) {
  const std::string digits = base::hex_encode(fingerprint);
  std::string out;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && at % 2 == 0) out += ':';
    const char digit = digits[at];
    out += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  }
  return out;
}

bool is_certificate_for(std::string_view pem, const std::string& host) {
  const auto chain = certificates_of(pem);
  if (!chain || sk_X509_num(chain.get()) == 0) return false;
  X509* const first = sk_X509_value(chain.get(), 0);
  return X509_check_ip_asc(first, host.c_str(), 0) == 1 ||
         X509_check_host(first, host.data(), host.size(), 0, nullptr) == 1;
}

Vouching vouching_for(std::string_view pem, base::UnixTime now) {
  const auto chain = certificates_of(pem);
  if (!chain || sk_X509_num(chain.get()) == 0) return Vouching::nobody_here;
  X509* const first = sk_X509_value(chain.get(), 0);
  if (X509_self_signed(first, 1) == 1) return Vouching::itself;
  const Handle<X509_STORE> store(X509_STORE_new());
  const Handle<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_set_default_paths(store.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), first, chain.get()) != 1)
    return Vouching::nobody_here;
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(now));
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  const bool is_good = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (is_good) return Vouching::authority;
  return error == X509_V_ERR_CERT_HAS_EXPIRED ? Vouching::expired : Vouching::nobody_here;
}

}  // namespace sealift::tls
