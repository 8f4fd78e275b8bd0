// MemoryBlobStore: the store of tests, with the same promises as the real one but durability.
//
// Each blob is an anonymous file in memory, so that descriptors work as they do with a disk.
#pragma once

#include <map>
#include <mutex>

#include "store/blob_store.h"

namespace sealift::store {

class MemoryBlobStore final : public BlobStore, public BlobDescriptors {
 public:
  base::Result<void> create(const BlobId& id, std::uint64_t size_bytes) override;
  base::Result<std::optional<BlobStatus>> status(const BlobId& id) override;
  base::Result<void> write(const BlobId& id, std::uint64_t offset, base::ByteView bytes) override;
  base::Result<std::uint64_t> acknowledge(const BlobId& id, std::uint64_t length_bytes) override;
  base::Result<void> finish(const BlobId& id) override;
  base::Result<std::size_t> read(const BlobId& id, std::uint64_t offset,
                                 base::MutableByteView out) override;
  base::Result<void> remove(const BlobId& id) override;
  base::Result<std::vector<BlobId>> list(const BlobPage& page) override;
  base::Result<std::optional<base::DiskSpace>> space() override;
  BlobDescriptors* descriptors() override { return this; }

  base::Result<WritableBlob> open_to_write(const BlobId& id) override;
  base::Result<ReadableBlob> open_to_read(const BlobId& id) override;

 private:
  struct Blob {
    base::FileDescriptor fd;
    BlobStatus status;
  };
  // nullptr when there is none in that state. The caller holds mutex_.
  Blob* find(const BlobId& id, BlobState state);

  std::mutex mutex_;
  std::map<BlobId, Blob> blobs_;  // guarded by mutex_
};

}  // namespace sealift::store
