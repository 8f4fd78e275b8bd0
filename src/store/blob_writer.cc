#include "store/blob_writer.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace sealift::store {
namespace {

constexpr std::uint64_t kReserveBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kStartBytes = std::uint64_t{16} << 20;

}  // namespace

BlobWriter::BlobWriter(WritableBlob blob)
    : fd_(std::move(blob.fd)),
      size_bytes_(blob.status.size_bytes),
      offset_(blob.status.durable_bytes),
      reserved_to_(offset_),
      started_to_(offset_) {}

// Best effort: where it fails, because the file system cannot or because less than a window is left
// of the disk, the bytes may still fit, and writing them says so.
void BlobWriter::reserve_ahead(std::uint64_t end) {
  while (can_reserve_ && reserved_to_ < end) {
    const std::uint64_t length = std::min(kReserveBytes, size_bytes_ - reserved_to_);
    if (::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(reserved_to_),
                    static_cast<off_t>(length)) == 0) {
      reserved_to_ += length;
    } else {
      can_reserve_ = errno == EINTR;
    }
  }
}

base::Result<void> BlobWriter::write(base::ByteView bytes) {
  if (bytes.size() > missing_bytes())
    return base::fail(base::ErrorCode::limit, "write past the declared size");
  reserve_ahead(offset_ + bytes.size());
  SEALIFT_TRY_VOID(base::pwrite_full(fd_.get(), bytes, offset_));
  offset_ += bytes.size();
  if (offset_ - started_to_ >= kStartBytes) {
    // A hint: whether it is taken changes the speed of the sync, not its outcome.
    ::sync_file_range(fd_.get(), static_cast<off_t>(started_to_),
                      static_cast<off_t>(offset_ - started_to_), SYNC_FILE_RANGE_WRITE);
    started_to_ = offset_;
  }
  return {};
}

base::Result<void> BlobWriter::flush() {
  while (::fdatasync(fd_.get()) != 0) {
    if (errno != EINTR) return tl::unexpected(base::error_of_errno(errno, "sync"));
  }
  return {};
}

}  // namespace sealift::store
