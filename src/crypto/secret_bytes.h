// SecretBytes<N> and SecretBuffer: key material and plaintext that must not outlive its use.
//
// The bytes live in OpenSSL's secure heap: locked in memory where the system allows it, between
// guard pages, left out of core dumps, and overwritten when freed. What does not fit there gets
// pages of its own with the same properties but the guard. Neither type can be copied, printed or
// compared with ==; clone() and equal() are named so that a reviewer can search for them.
//
// A value moved from is empty: reading it is a bug and is checked. Not thread-safe, as values are.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace sealift::crypto {

// Overwrites in a way that no compiler removes.
void wipe(base::MutableByteView bytes);

// Takes time that depends on the lengths alone. False for different lengths.
bool equal(base::ByteView a, base::ByteView b);

// How well the memory of secrets is protected in this process; for tests and self-checks.
enum class SecretMemory { locked, not_locked };
SecretMemory secret_memory();

class SecretBuffer {
 public:
  SecretBuffer() = default;
  explicit SecretBuffer(std::size_t size);  // zeros
  // Does not wipe `bytes`: the caller owns that copy.
  static SecretBuffer copy_of(base::ByteView bytes);

  SecretBuffer(SecretBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  SecretBuffer& operator=(SecretBuffer&& other) noexcept;
  ~SecretBuffer() { release(); }

  SecretBuffer clone() const { return copy_of(view()); }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  base::ByteView view() const { return {data_, size_}; }
  base::MutableByteView mutable_view() { return {data_, size_}; }

  // Keeps the first `size` bytes and wipes the rest. `size` is at most size().
  void truncate(std::size_t size);

 private:
  void release();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

template <std::size_t N>
class SecretBytes {
 public:
  static constexpr std::size_t kSize = N;

  SecretBytes() : buffer_(N) {}  // zeros
  // Does not wipe `bytes`: the caller owns that copy.
  static SecretBytes copy_of(std::span<const std::byte, N> bytes) {
    return SecretBytes(SecretBuffer::copy_of(bytes));
  }

  SecretBytes(SecretBytes&&) noexcept = default;
  SecretBytes& operator=(SecretBytes&&) noexcept = default;

  SecretBytes clone() const { return copy_of(view()); }

  std::span<const std::byte, N> view() const {
    SEALIFT_CHECK(buffer_.size() == N);
    return std::span<const std::byte, N>(buffer_.view());
  }
  std::span<std::byte, N> mutable_view() {
    SEALIFT_CHECK(buffer_.size() == N);
    return std::span<std::byte, N>(buffer_.mutable_view());
  }

 private:
  explicit SecretBytes(SecretBuffer buffer) : buffer_(std::move(buffer)) {}

  SecretBuffer buffer_;
};

}  // namespace sealift::crypto
