// DiskBlobStore: blobs as files of one folder. Layout and crash rules: docs/formats/store.md.
//
//   incoming/<id>         the bytes of an unfinished blob, in place
//   incoming/<id>.state   declared size and acknowledged length (store/internal/blob_state.h)
//   blobs/<xx>/<id>       a whole blob; xx is the id's first two digits
//
// finish() syncs the bytes, moves the file, and syncs both folders before it answers, so a name
// under blobs/ always stands for all of the bytes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "store/blob_store.h"

namespace sealift::store {

class DiskBlobStore final : public BlobStore, public BlobDescriptors {
 public:
  // Makes the folders where they are missing. `files` outlives the store, which has its root for
  // itself: one process, one DiskBlobStore. Errors: forbidden, no_space, io.
  static base::Result<std::unique_ptr<DiskBlobStore>> open(base::FileSystem& files);

  base::Result<void> create(const BlobId& id, std::uint64_t size_bytes) override;
  base::Result<std::optional<BlobStatus>> status(const BlobId& id) override;
  base::Result<void> write(const BlobId& id, std::uint64_t offset, base::ByteView bytes) override;
  base::Result<std::uint64_t> acknowledge(const BlobId& id, std::uint64_t length_bytes) override;
  base::Result<void> finish(const BlobId& id) override;
  base::Result<std::size_t> read(const BlobId& id, std::uint64_t offset,
                                 base::MutableByteView out) override;
  base::Result<void> remove(const BlobId& id) override;
  base::Result<std::vector<BlobId>> list(const BlobPage& page) override;
  base::Result<std::uint64_t> foreign_bytes() override;
  base::Result<std::optional<base::DiskSpace>> space() override;
  BlobDescriptors* descriptors() override { return this; }

  base::Result<WritableBlob> open_to_write(const BlobId& id) override;
  base::Result<ReadableBlob> open_to_read(const BlobId& id) override;

 private:
  explicit DiskBlobStore(base::FileSystem& files) : files_(files) {}

  class Busy;  // holds an id while an operation works on it
  struct Unfinished;
  base::Result<Unfinished> open_unfinished(const BlobId& id);
  base::Result<void> sync_bytes(const Unfinished& blob);
  base::Result<bool> is_whole(const BlobId& id);
  base::Result<void> drop_unfinished(const BlobId& id);

  base::FileSystem& files_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<BlobId> busy_;  // guarded by mutex_
};

}  // namespace sealift::store
