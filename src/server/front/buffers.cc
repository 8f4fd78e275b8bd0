#include "server/front/buffers.h"

#include <sys/mman.h>

#include "base/check.h"

namespace sealift::server::front {
namespace {

constexpr std::size_t kHugePageSize = std::size_t{2} << 20;

std::size_t round_up(std::size_t size) {
  return (size + kHugePageSize - 1) / kHugePageSize * kHugePageSize;
}

}  // namespace

PageMemory::PageMemory(std::size_t size) {
  // One huge page more than needed, then what lies outside of the aligned part goes back.
  const std::size_t wanted = round_up(size);
  const std::size_t mapped = wanted + kHugePageSize;
  void* start = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SEALIFT_CHECK(start != MAP_FAILED);
  void* aligned = start;
  std::size_t space = mapped;
  SEALIFT_CHECK(std::align(kHugePageSize, wanted, aligned, space) != nullptr);
  auto* first = static_cast<std::byte*>(aligned);
  const std::size_t before = mapped - space;
  if (before > 0) ::munmap(start, before);
  if (space > wanted) ::munmap(first + wanted, space - wanted);
  ::madvise(first, wanted, MADV_HUGEPAGE);  // a wish: small pages work as well
  bytes_ = {first, wanted};
}

PageMemory::~PageMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::exchange(other.pool_, nullptr);
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

void Buffer::release() {
  if (pool_) std::exchange(pool_, nullptr)->take_back(std::exchange(bytes_, {}));
}

Buffer BufferPool::acquire() {
  if (large_in_use_ == kLargeBuffersMax) {
    return {this, {new std::byte[kSmallBufferSize], kSmallBufferSize}};
  }
  if (free_large_.empty()) {
    slabs_.emplace_back(kHugePageSize);
    base::MutableByteView rest = slabs_.back().bytes();
    while (rest.size() >= kLargeBufferSize) {
      free_large_.push_back(rest.first(kLargeBufferSize));
      rest = rest.subspan(kLargeBufferSize);
    }
  }
  const base::MutableByteView bytes = free_large_.back();
  free_large_.pop_back();
  ++large_in_use_;
  return {this, bytes};
}

void BufferPool::take_back(base::MutableByteView bytes) {
  if (bytes.size() == kSmallBufferSize) {
    delete[] bytes.data();
    return;
  }
  --large_in_use_;
  free_large_.push_back(bytes);
}

}  // namespace sealift::server::front
