// A build without ML-KEM: callers ask mlkem768_available() first, and say "unsupported".
#include "base/check.h"
#include "crypto/mlkem768.h"

namespace sealift::crypto {

bool mlkem768_available() { return false; }

MlKem768Public mlkem768_public(const MlKem768Seed&) {
  SEALIFT_CHECK(mlkem768_available());
  return {};
}

std::optional<MlKem768Encapsulated> mlkem768_encapsulate(
    std::span<const std::byte, kMlKem768PublicSize>, const SecretBytes<32>&) {
  SEALIFT_CHECK(mlkem768_available());
  return std::nullopt;
}

MlKem768Shared mlkem768_decapsulate(const MlKem768Seed&,
                                    std::span<const std::byte, kMlKem768CiphertextSize>) {
  SEALIFT_CHECK(mlkem768_available());
  return {};
}

}  // namespace sealift::crypto
