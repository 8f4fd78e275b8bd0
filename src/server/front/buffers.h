// Memory that connections share, so that an idle one holds none.
//
// A turn of the engine reads into scratch areas that every connection uses in turn. What is to
// be sent is collected in a buffer of the pool, held only while something is unsent. All of it
// lies in huge pages where the kernel gives them: a TLS download walks over it without end.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "tls/session.h"

namespace sealift::server::front {

inline constexpr std::size_t kScratchSize = std::size_t{512} << 10;
inline constexpr std::size_t kRecord = tls::kRecordSize + tls::kRecordOverhead;
// A response's head and so many whole records.
inline constexpr std::size_t kLargeBufferSize = 32 * kRecord + 4096;
inline constexpr std::size_t kSmallBufferSize = 4 * kRecord + 4096;
// Past this many connections with unsent bytes, each gets a small buffer.
inline constexpr std::size_t kLargeBuffersMax = 64;

// Anonymous memory, page-aligned, in huge pages if possible. Stops the process when there is none.
class PageMemory {
 public:
  explicit PageMemory(std::size_t size);
  PageMemory(PageMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  PageMemory& operator=(PageMemory&&) = delete;
  ~PageMemory();
  base::MutableByteView bytes() const { return bytes_; }

 private:
  base::MutableByteView bytes_;
};

class BufferPool;

// A buffer lent by the pool, given back when it goes out of scope. The pool outlives it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)), bytes_(std::exchange(other.bytes_, {})) {}
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer() { release(); }

  bool is_held() const { return pool_ != nullptr; }
  base::MutableByteView bytes() const { return bytes_; }
  void release();

 private:
  friend class BufferPool;
  Buffer(BufferPool* pool, base::MutableByteView bytes) : pool_(pool), bytes_(bytes) {}
  BufferPool* pool_ = nullptr;
  base::MutableByteView bytes_;
};

class BufferPool {
 public:
  Buffer acquire();
  std::size_t large_in_use() const { return large_in_use_; }

 private:
  friend class Buffer;
  void take_back(base::MutableByteView bytes);

  std::vector<PageMemory> slabs_;
  std::vector<base::MutableByteView> free_large_;  // last given back is first lent: still cached
  std::size_t large_in_use_ = 0;
};

// What one turn of one connection works in.
class Scratch {
 public:
  Scratch() : memory_(3 * kScratchSize) {}
  base::MutableByteView cipher() const { return memory_.bytes().first(kScratchSize); }
  base::MutableByteView plain() const {
    return memory_.bytes().subspan(kScratchSize, kScratchSize);
  }
  base::MutableByteView file() const {
    return memory_.bytes().subspan(2 * kScratchSize, kScratchSize);
  }

 private:
  PageMemory memory_;
};

}  // namespace sealift::server::front
