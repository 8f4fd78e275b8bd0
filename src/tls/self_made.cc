// A certificate that signs itself, for a server that nobody gave one yet.
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "tls/context.h"

namespace sealift::tls {
namespace {

template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using NamesHandle = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using NumberHandle = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

constexpr long kSecondsPerDay = 86400;
constexpr int kSerialBits = 127;

// One subjectAltName: an address where the text is one, a name otherwise.
NamesHandle names_of(const std::string& name) {
  NamesHandle names(GENERAL_NAMES_new());
  GENERAL_NAME* entry = GENERAL_NAME_new();
  if (!names || !entry || sk_GENERAL_NAME_push(names.get(), entry) == 0) return nullptr;
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str())) {
    GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    return names;
  }
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  if (!text || ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) != 1)
    return nullptr;
  GENERAL_NAME_set0_value(entry, GEN_DNS, text);
  return names;
}

bool fill(X509* certificate, EVP_PKEY* key, const std::string& name, int days) {
  const NumberHandle serial(BN_new());
  const NamesHandle names = names_of(name);
  if (!serial || !names || BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ANY, 0) != 1)
    return false;
  X509_NAME* subject = X509_get_subject_name(certificate);
  static constexpr std::array<unsigned char, 7> kCommonName = {'S', 'e', 'a', 'l', 'i', 'f', 't'};
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -kSecondsPerDay) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), days * kSecondsPerDay) != nullptr &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, kCommonName.data(),
                                    static_cast<int>(kCommonName.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1 &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) ==
             1 &&
         X509_sign(certificate, key, EVP_sha256()) != 0;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

base::Result<SelfMade> make_certificate(const std::string& name, int days) {
  const KeyHandle key(EVP_EC_gen("P-256"));
  const CertificateHandle certificate(X509_new());
  const BioHandle certificate_out(BIO_new(BIO_s_mem()));
  const BioHandle key_out(BIO_new(BIO_s_mem()));
  const bool good = key && certificate && certificate_out && key_out &&
                    fill(certificate.get(), key.get(), name, days) &&
                    PEM_write_bio_X509(certificate_out.get(), certificate.get()) == 1 &&
                    PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1;
  if (!good) return base::fail(base::ErrorCode::internal, "self-made certificate");
  return SelfMade{text_of(certificate_out.get()), text_of(key_out.get())};
}

}  // namespace sealift::tls
