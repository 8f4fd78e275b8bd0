// Context: what TLS sessions of one side share: versions, ciphers, certificate, trust.
//
// TLS 1.3, and 1.2 with forward-secret AEAD suites. No renegotiation, no compression, no early
// data. One context serves one thread. Sessions keep what they need of it alive, so a context can
// be replaced (a renewed certificate) while sessions of the old one go on.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::tls {

// SHA-256 of a certificate in DER, as `openssl x509 -fingerprint -sha256` prints it.
using CertificateFingerprint = std::array<std::byte, 32>;
// Of the first certificate in a PEM text. Errors: malformed.
base::Result<CertificateFingerprint> fingerprint_of(base::ByteView certificate_pem);
// nullopt: the library had no memory for it.
std::optional<CertificateFingerprint> fingerprint_of(const X509* certificate);
// The verification error of a certificate other than the pinned one.
inline constexpr int kNotPinned = X509_V_ERR_APPLICATION_VERIFICATION;

class Context {
 public:
  // A server's context. Both are PEM; the chain starts with the server's own certificate.
  // Errors: malformed (not PEM, or the key is another certificate's), internal.
  static base::Result<Context> server(base::ByteView certificate_chain, base::ByteView private_key);

  // A client's, which trusts the system's authorities.
  static base::Result<Context> client();
  // A client's, which trusts these certificates (PEM) and no other. Errors: malformed, internal.
  static base::Result<Context> client_trusting(base::ByteView certificates);

  // A client's, which takes one certificate alone: the one whose DER has this SHA-256. Its name and
  // dates don't count, since nothing else could be behind the fingerprint. Errors: internal.
  static base::Result<Context> client_pinning(const CertificateFingerprint& fingerprint);

  SSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  explicit Context(SSL_CTX* context) : context_(context) {}
  static base::Result<Context> make(const SSL_METHOD* method);

  std::unique_ptr<SSL_CTX, Free> context_;
};

// A new P-256 key and a certificate for it, signed by itself, for these names and addresses.
struct SelfMade {
  std::string certificate_pem;
  std::string private_key_pem;
};
base::Result<SelfMade> make_certificate(const std::string& name, int days);

}  // namespace sealift::tls
