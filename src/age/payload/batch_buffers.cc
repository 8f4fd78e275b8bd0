#include "age/payload/batch_buffers.h"

#include <sys/mman.h>

#include <memory>

#include "base/check.h"

namespace sealift::age::internal {
namespace {

constexpr std::size_t kHugePageSize = std::size_t{2} << 20;

}  // namespace

BatchBuffers::BatchBuffers(std::size_t count)
    : mapping_size_(count * kBatchTextSize + kHugePageSize), batches_(count) {
  mapping_ =
      ::mmap(nullptr, mapping_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SEALIFT_CHECK(mapping_ != MAP_FAILED);
  // Where the kernel has no huge pages this is merely slower, and where it can't leave pages out of
  // core dumps the process's own setting (RLIMIT_CORE) still stands.
  static_cast<void>(::madvise(mapping_, mapping_size_, MADV_HUGEPAGE));
  static_cast<void>(::madvise(mapping_, mapping_size_, MADV_DONTDUMP));
  void* aligned = mapping_;
  std::size_t space = mapping_size_;
  SEALIFT_CHECK(std::align(kHugePageSize, count * kBatchTextSize, aligned, space) != nullptr);
  auto* at = static_cast<std::byte*>(aligned);
  for (Batch& batch : batches_) {
    batch.text = {at, kBatchTextSize};
    at += kBatchTextSize;
  }
}

BatchBuffers::~BatchBuffers() { ::munmap(mapping_, mapping_size_); }

}  // namespace sealift::age::internal
