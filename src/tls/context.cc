#include "tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace sealift::tls {
namespace {

using base::ErrorCode;
using base::Result;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioHandle = std::unique_ptr<BIO, FreeBio>;
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using CertificateHandle = std::unique_ptr<X509, FreeCertificate>;
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;

constexpr const char* kSuites12 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kSuites13 =
    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
// The one protocol that is spoken over these sessions, in ALPN's form.
constexpr std::array<unsigned char, 9> kProtocol = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

BioHandle bio_of(base::ByteView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioHandle(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* chosen = nullptr;
  const int status = SSL_select_next_proto(&chosen, out_size, kProtocol.data(), kProtocol.size(),
                                           offered, offered_size);
  *out = chosen;
  return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool use_chain(SSL_CTX* context, base::ByteView pem) {
  const BioHandle bio = bio_of(pem);
  if (!bio) return false;
  const CertificateHandle own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (X509* issuer = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
      X509_free(issuer);
      return false;
    }
  }
  return true;
}

bool use_key(SSL_CTX* context, base::ByteView pem) {
  const BioHandle bio = bio_of(pem);
  if (!bio) return false;
  const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
         SSL_CTX_check_private_key(context) == 1;
}

bool trust(SSL_CTX* context, base::ByteView pem) {
  const BioHandle bio = bio_of(pem);
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  int count = 0;
  while (bio) {
    const CertificateHandle one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    if (X509_STORE_add_cert(store, one.get()) != 1) return false;
    ++count;
  }
  return count > 0;
}

// What a context pins is kept by the context itself, since sessions may outlive ours.
void free_pin(void*, void* pin, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<CertificateFingerprint*>(pin);
}
int pin_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_pin);
  return index;
}

int check_pin(X509_STORE_CTX* store, void*) {
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* pin = static_cast<const CertificateFingerprint*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), pin_index()));
  const X509* shown = X509_STORE_CTX_get0_cert(store);
  if (pin && shown && fingerprint_of(shown) == *pin) return 1;
  X509_STORE_CTX_set_error(store, kNotPinned);
  return 0;
}

// A new server's certificate begins now, and the clock of somebody's machine may be slow: until a
// day has passed, that it isn't valid yet is no reason against it. Nothing else is passed over.
int pass_over_slow_clock(int is_good, X509_STORE_CTX* store) {
  if (is_good == 1 || X509_STORE_CTX_get_error(store) != X509_V_ERR_CERT_NOT_YET_VALID)
    return is_good;
  const ASN1_TIME* begins = X509_get0_notBefore(X509_STORE_CTX_get_current_cert(store));
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, begins) != 1) return 0;
  if (days > 1 || (days == 1 && seconds > 0)) return 0;
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

void verify_peer(SSL_CTX* context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, pass_over_slow_clock);
  SSL_CTX_set_alpn_protos(context, kProtocol.data(), kProtocol.size());
}

}  // namespace

std::optional<CertificateFingerprint> fingerprint_of(const X509* certificate) {
  CertificateFingerprint out{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), base::unsigned_data(out), &size) != 1 ||
      size != out.size())
    return std::nullopt;
  return out;
}

Result<Context> Context::make(const SSL_METHOD* method) {
  ERR_clear_error();
  Context context(SSL_CTX_new(method));
  SSL_CTX* raw = context.get();
  if (!raw) return base::fail(ErrorCode::internal, "tls context");
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // An idle session keeps no record buffers.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const bool good = SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_cipher_list(raw, kSuites12) == 1 &&
                    SSL_CTX_set_ciphersuites(raw, kSuites13) == 1;
  if (!good) return base::fail(ErrorCode::internal, "tls context");
  return context;
}

Result<Context> Context::server(base::ByteView certificate_chain, base::ByteView private_key) {
  SEALIFT_TRY(Context context, make(TLS_server_method()));
  SSL_CTX* raw = context.get();
  // Tickets alone, under a key that never leaves this process: no table of sessions to fill.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 1);
  SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
  if (!use_chain(raw, certificate_chain)) return base::fail(ErrorCode::malformed, "certificate");
  if (!use_key(raw, private_key)) return base::fail(ErrorCode::malformed, "private key");
  ERR_clear_error();
  return context;
}

Result<Context> Context::client() {
  SEALIFT_TRY(Context context, make(TLS_client_method()));
  if (SSL_CTX_set_default_verify_paths(context.get()) != 1) {
    return base::fail(ErrorCode::internal, "trusted certificates");
  }
  verify_peer(context.get());
  return context;
}

Result<Context> Context::client_trusting(base::ByteView certificates) {
  SEALIFT_TRY(Context context, make(TLS_client_method()));
  if (!trust(context.get(), certificates)) return base::fail(ErrorCode::malformed, "certificate");
  verify_peer(context.get());
  ERR_clear_error();
  return context;
}

Result<Context> Context::client_pinning(const CertificateFingerprint& fingerprint) {
  SEALIFT_TRY(Context context, make(TLS_client_method()));
  auto pin = std::make_unique<CertificateFingerprint>(fingerprint);
  if (SSL_CTX_set_ex_data(context.get(), pin_index(), pin.get()) != 1)
    return base::fail(ErrorCode::internal, "pinned certificate");
  (void)pin.release();  // the context frees it
  SSL_CTX_set_cert_verify_callback(context.get(), check_pin, nullptr);
  verify_peer(context.get());
  return context;
}

Result<CertificateFingerprint> fingerprint_of(base::ByteView certificate_pem) {
  const BioHandle bio = bio_of(certificate_pem);
  const CertificateHandle one(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)
                                  : nullptr);
  ERR_clear_error();
  if (!one) return base::fail(ErrorCode::malformed, "certificate");
  const auto fingerprint = fingerprint_of(one.get());
  if (!fingerprint) return base::fail(ErrorCode::internal, "certificate");
  return *fingerprint;
}

}  // namespace sealift::tls
