// SHA3-256 and SHAKE by PQClean's fips202.c, which builds without OpenSSL link for ML-KEM anyway.
#include <cstddef>

#include "crypto/sha3.h"

// From PQClean's fips202.h, which has no extern "C" of its own.
extern "C" {
void sha3_256(unsigned char* output, const unsigned char* input, std::size_t size);
void shake128(unsigned char* output, std::size_t output_size, const unsigned char* input,
              std::size_t size);
void shake256(unsigned char* output, std::size_t output_size, const unsigned char* input,
              std::size_t size);
}

namespace sealift::crypto {

using base::ByteView;
using base::MutableByteView;
using base::unsigned_data;

std::array<std::byte, kSha3Size> sha3_256(ByteView message) {
  std::array<std::byte, kSha3Size> digest;
  ::sha3_256(unsigned_data(digest), unsigned_data(message), message.size());
  return digest;
}

void shake128(ByteView message, MutableByteView out) {
  ::shake128(unsigned_data(out), out.size(), unsigned_data(message), message.size());
}

void shake256(ByteView message, MutableByteView out) {
  ::shake256(unsigned_data(out), out.size(), unsigned_data(message), message.size());
}

}  // namespace sealift::crypto
