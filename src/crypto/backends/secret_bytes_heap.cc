// Secret bytes on the ordinary heap, for platforms that cannot lock memory (WebAssembly: its memory
// is one array that the page's own scripts can read anyway). They are wiped as everywhere.
#include <sodium.h>

#include <algorithm>

#include "crypto/secret_bytes.h"

namespace sealift::crypto {

SecretMemory secret_memory() { return SecretMemory::not_locked; }

void wipe(base::MutableByteView bytes) {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

bool equal(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

SecretBuffer::SecretBuffer(std::size_t size)
    : data_(size == 0 ? nullptr : new std::byte[size]()), size_(size), capacity_(size) {}

SecretBuffer SecretBuffer::copy_of(base::ByteView bytes) {
  SecretBuffer copy(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.data_);
  return copy;
}

SecretBuffer& SecretBuffer::operator=(SecretBuffer&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

void SecretBuffer::truncate(std::size_t size) {
  SEALIFT_CHECK(size <= size_);
  wipe({data_ + size, size_ - size});
  size_ = size;
}

void SecretBuffer::release() {
  if (data_ == nullptr) return;
  wipe({data_, capacity_});
  delete[] data_;
  data_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace sealift::crypto
