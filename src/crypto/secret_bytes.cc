#include "crypto/secret_bytes.h"

#include <algorithm>

#include "crypto/backends/secret_memory.h"

namespace sealift::crypto {

SecretBuffer::SecretBuffer(std::size_t size)
    : data_(size == 0 ? nullptr : internal::allocate_secret(size)), size_(size), capacity_(size) {}

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
  internal::release_secret(data_, capacity_);
  data_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace sealift::crypto
