// A build without RSA: its keys are answered with "unsupported" where they are read, so that no
// object of these classes ever exists.
#include "base/check.h"
#include "crypto/rsa_oaep.h"

namespace sealift::crypto {

using base::ErrorCode;
using base::Result;

namespace {

tl::unexpected<base::Error> unsupported() {
  return base::fail(ErrorCode::unsupported, "RSA keys are not supported here");
}

}  // namespace

void FreeKey::operator()(evp_pkey_st*) const {}

Result<RsaPublicKey> RsaPublicKey::from_numbers(const RsaPublicNumbers&) { return unsupported(); }

std::size_t RsaPublicKey::modulus_size_bytes() const {
  SEALIFT_CHECK(key_ != nullptr);
  return 0;
}

base::Bytes RsaPublicKey::seal(base::ByteView, std::string_view) const {
  SEALIFT_CHECK(key_ != nullptr);
  return {};
}

}  // namespace sealift::crypto
