#include "store/memory_blob_store.h"

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal/blob_rules.h"

namespace sealift::store {

using base::ByteView;
using base::Result;
using internal::no_such_blob;

namespace {

std::uint64_t written_bytes(int fd) {
  struct stat found {};
  return ::fstat(fd, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

Result<void> truncate(int fd, std::uint64_t size_bytes) {
  if (::ftruncate(fd, static_cast<off_t>(size_bytes)) == 0) return {};
  return tl::unexpected(base::error_of_errno(errno, "resize"));
}

// A descriptor of its own, with its own rights.
Result<base::FileDescriptor> open_again(int fd, int flags) {
  const std::string self = "/proc/self/fd/" + std::to_string(fd);
  base::FileDescriptor again(::open(self.c_str(), flags | O_CLOEXEC));
  if (!again.is_open()) return tl::unexpected(base::error_of_errno(errno, "open blob"));
  return again;
}

}  // namespace

MemoryBlobStore::Blob* MemoryBlobStore::find(const BlobId& id, BlobState state) {
  const auto found = blobs_.find(id);
  const bool is_it = found != blobs_.end() && found->second.status.state == state;
  return is_it ? &found->second : nullptr;
}

Result<void> MemoryBlobStore::create(const BlobId& id, std::uint64_t size_bytes) {
  SEALIFT_TRY_VOID(internal::judge_size(size_bytes));
  const std::scoped_lock lock(mutex_);
  if (blobs_.contains(id)) return base::fail(base::ErrorCode::conflict, "the id is taken");
  base::FileDescriptor fd(::memfd_create("blob", MFD_CLOEXEC));
  if (!fd.is_open()) return tl::unexpected(base::error_of_errno(errno, "create blob"));
  blobs_[id] = Blob{std::move(fd), {.size_bytes = size_bytes}};
  return {};
}

Result<std::optional<BlobStatus>> MemoryBlobStore::status(const BlobId& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = blobs_.find(id);
  if (found == blobs_.end()) return std::optional<BlobStatus>{};
  return std::optional{found->second.status};
}

Result<void> MemoryBlobStore::write(const BlobId& id, std::uint64_t offset, ByteView bytes) {
  const std::scoped_lock lock(mutex_);
  if (find(id, BlobState::whole) != nullptr) return tl::unexpected(internal::blob_is_whole());
  Blob* blob = find(id, BlobState::unfinished);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  const std::uint64_t written = written_bytes(blob->fd.get());
  SEALIFT_TRY_VOID(internal::judge_write(
      blob->status, {.offset = offset, .length_bytes = bytes.size(), .written_bytes = written}));
  if (offset < written) SEALIFT_TRY_VOID(truncate(blob->fd.get(), offset));
  return base::pwrite_full(blob->fd.get(), bytes, offset);
}

Result<std::uint64_t> MemoryBlobStore::acknowledge(const BlobId& id, std::uint64_t length_bytes) {
  const std::scoped_lock lock(mutex_);
  if (Blob* whole = find(id, BlobState::whole)) {
    SEALIFT_TRY_VOID(
        internal::judge_acknowledge(whole->status, {length_bytes, whole->status.size_bytes}));
    return whole->status.size_bytes;
  }
  Blob* blob = find(id, BlobState::unfinished);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  SEALIFT_TRY_VOID(
      internal::judge_acknowledge(blob->status, {length_bytes, written_bytes(blob->fd.get())}));
  blob->status.durable_bytes = std::max(blob->status.durable_bytes, length_bytes);
  return blob->status.durable_bytes;
}

Result<void> MemoryBlobStore::finish(const BlobId& id) {
  const std::scoped_lock lock(mutex_);
  if (find(id, BlobState::whole) != nullptr) return {};
  Blob* blob = find(id, BlobState::unfinished);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  SEALIFT_TRY_VOID(internal::judge_finish(blob->status, written_bytes(blob->fd.get())));
  blob->status.state = BlobState::whole;
  blob->status.durable_bytes = blob->status.size_bytes;
  return {};
}

Result<std::size_t> MemoryBlobStore::read(const BlobId& id, std::uint64_t offset,
                                          base::MutableByteView out) {
  const std::scoped_lock lock(mutex_);
  const Blob* blob = find(id, BlobState::whole);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  return base::pread_full(blob->fd.get(), out, offset);
}

Result<void> MemoryBlobStore::remove(const BlobId& id) {
  const std::scoped_lock lock(mutex_);
  blobs_.erase(id);
  return {};
}

Result<std::vector<BlobId>> MemoryBlobStore::list(const BlobPage& page) {
  const std::scoped_lock lock(mutex_);
  std::vector<BlobId> ids;
  auto at = page.after ? blobs_.upper_bound(*page.after) : blobs_.begin();
  for (; at != blobs_.end() && ids.size() < page.count_max; ++at) ids.push_back(at->first);
  return ids;
}

Result<std::optional<base::DiskSpace>> MemoryBlobStore::space() {
  return std::optional<base::DiskSpace>{};
}

Result<WritableBlob> MemoryBlobStore::open_to_write(const BlobId& id) {
  const std::scoped_lock lock(mutex_);
  if (find(id, BlobState::whole) != nullptr) return tl::unexpected(internal::blob_is_whole());
  Blob* blob = find(id, BlobState::unfinished);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  SEALIFT_TRY_VOID(truncate(blob->fd.get(), blob->status.durable_bytes));
  SEALIFT_TRY(base::FileDescriptor fd, open_again(blob->fd.get(), O_RDWR));
  return WritableBlob{std::move(fd), blob->status};
}

Result<ReadableBlob> MemoryBlobStore::open_to_read(const BlobId& id) {
  const std::scoped_lock lock(mutex_);
  const Blob* blob = find(id, BlobState::whole);
  if (blob == nullptr) return tl::unexpected(no_such_blob());
  SEALIFT_TRY(base::FileDescriptor fd, open_again(blob->fd.get(), O_RDONLY));
  return ReadableBlob{std::move(fd), blob->status.size_bytes};
}

}  // namespace sealift::store
