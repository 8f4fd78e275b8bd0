// What SecretBuffer asks of a platform: memory for secrets. secret_memory(), wipe() and equal() of
// crypto/secret_bytes.h are the platform's too. One backend is linked: OpenSSL's secure heap, or
// the ordinary heap where no memory can be locked. Any thread.
#pragma once

#include <cstddef>

namespace sealift::crypto::internal {

// `size` zero bytes, size > 0. Ends the process when there is no memory.
std::byte* allocate_secret(std::size_t size);

// Wipes and gives back what allocate_secret(size) gave.
void release_secret(std::byte* data, std::size_t size);

}  // namespace sealift::crypto::internal
