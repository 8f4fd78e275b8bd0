#include "crypto/sha3.h"

#include <openssl/evp.h>

#include <memory>

#include "base/check.h"

namespace sealift::crypto {

using base::ByteView;
using base::MutableByteView;
using base::unsigned_data;

namespace {

void extend(const EVP_MD* algorithm, ByteView message, MutableByteView out) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  SEALIFT_CHECK(context != nullptr);
  SEALIFT_CHECK(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
  SEALIFT_CHECK(EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1);
  SEALIFT_CHECK(EVP_DigestFinalXOF(context.get(), unsigned_data(out), out.size()) == 1);
}

}  // namespace

std::array<std::byte, kSha3Size> sha3_256(ByteView message) {
  std::array<std::byte, kSha3Size> digest;
  SEALIFT_CHECK(EVP_Digest(message.data(), message.size(), unsigned_data(digest), nullptr,
                           EVP_sha3_256(), nullptr) == 1);
  return digest;
}

void shake128(ByteView message, MutableByteView out) { extend(EVP_shake128(), message, out); }
void shake256(ByteView message, MutableByteView out) { extend(EVP_shake256(), message, out); }

}  // namespace sealift::crypto
