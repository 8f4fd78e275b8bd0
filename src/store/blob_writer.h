// BlobWriter: writes a blob through its descriptor, at the speed of durable writing.
//
// For the process that receives the bytes; it needs no store. Space is set aside ahead of the bytes
// and the disk is set to work behind them, 16 MiB at a time, so that the sync at the end finds
// little left to do: about twice as fast as one big sync (docs/decisions/0032-durable-writing.md).
// Durable is only what BlobStore::acknowledge() or finish() confirmed afterwards; calling flush()
// first, on a thread of one's own, makes that confirmation quick. Not thread-safe.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "store/blob_store.h"

namespace sealift::store {

class BlobWriter {
 public:
  // Starts at blob.status.durable_bytes.
  explicit BlobWriter(WritableBlob blob);

  std::uint64_t offset() const { return offset_; }
  std::uint64_t missing_bytes() const { return size_bytes_ - offset_; }

  // Errors: limit (more than missing_bytes(); nothing was written), no_space, io. After no_space
  // and io this writer is done with; the blob goes on from its durable_bytes.
  base::Result<void> write(base::ByteView bytes);

  // Waits until the disk has everything. Errors: no_space, io.
  base::Result<void> flush();

  int fd() const { return fd_.get(); }

 private:
  void reserve_ahead(std::uint64_t end);

  base::FileDescriptor fd_;
  const std::uint64_t size_bytes_;
  std::uint64_t offset_;
  std::uint64_t reserved_to_;
  std::uint64_t started_to_;  // the disk has been told to write up to here
  bool can_reserve_ = true;
};

}  // namespace sealift::store
