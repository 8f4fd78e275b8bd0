// Secrets on the ordinary heap, for platforms that cannot lock memory (WebAssembly: its memory is
// one array that the page's own scripts can read anyway). They are wiped as everywhere.
#include <sodium.h>

#include "crypto/backends/secret_memory.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

SecretMemory secret_memory() { return SecretMemory::not_locked; }

void wipe(base::MutableByteView bytes) {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

bool equal(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::byte* internal::allocate_secret(std::size_t size) { return new std::byte[size](); }

void internal::release_secret(std::byte* data, std::size_t size) {
  wipe({data, size});
  delete[] data;
}

}  // namespace sealift::crypto
