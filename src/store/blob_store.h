// BlobStore: opaque sealed bytes by random id. It knows nothing of age, people or names.
//
// A blob's life:
//
//   create ---> unfinished ---> finish ---> whole ---> remove
//               write / acknowledge, again and again
//
// An unfinished blob is written from the front to the back, by one writer at a time, and can be
// continued after any crash at durable_bytes. A whole blob has exactly the size that was declared,
// and never changes. There is nothing between the two, whenever the power goes.
//
// Order with the catalog: an id is written to the catalog before create(), and remove() comes after
// the catalog has forgotten it. So whatever list() gave and the catalog, asked afterwards, does not
// know is an orphan and can be removed. No clock is needed.
//
// A store whose blobs are files can also hand out descriptors, so that bytes go straight between a
// connection and the disk: descriptors(). A store elsewhere (an object store) has none, and moves
// bytes through write() and read() alone: docs/decisions/0031-blob-store-capabilities.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/file_descriptor.h"
#include "base/file_system.h"
#include "base/result.h"
#include "store/blob_id.h"

namespace sealift::store {

enum class BlobState { unfinished, whole };

struct BlobStatus {
  BlobState state = BlobState::unfinished;
  std::uint64_t size_bytes = 0;     // as declared
  std::uint64_t durable_bytes = 0;  // survive a power cut; all of them when whole

  friend bool operator==(const BlobStatus&, const BlobStatus&) = default;
};

struct BlobPage {
  std::optional<BlobId> after;  // nullopt: from the start
  std::size_t count_max = 1000;
};

class BlobDescriptors;

// Thread-safe. Operations on one id wait for each other.
// Errors of every operation: io, and those named.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Begins a blob of `size_bytes`. Before its first acknowledge() a power cut may undo this: then
  // status() gives nullopt, and the blob is created again.
  // Errors: conflict (the id is taken), limit (size_bytes over kBlobSizeMax), no_space.
  virtual base::Result<void> create(const BlobId& id, std::uint64_t size_bytes) = 0;

  // nullopt when there is no such blob.
  virtual base::Result<std::optional<BlobStatus>> status(const BlobId& id) = 0;

  // Writes `bytes` at `offset`: where the last write ended, or at durable_bytes to begin again from
  // there. Not durable. After an error, begin again at status()'s durable_bytes.
  // Errors: not_found, conflict (another offset, or the blob is whole), limit (past the declared
  // size; nothing was written), no_space.
  virtual base::Result<void> write(const BlobId& id, std::uint64_t offset,
                                   base::ByteView bytes) = 0;

  // Makes the first `length_bytes` durable, and gives how many are now: as many, or more if that
  // was so before; fewer in a store that keeps whole parts only. What it gave stays true after any
  // crash. After an error, begin again at status()'s durable_bytes: later bytes are lost.
  // Errors: not_found, conflict (fewer bytes were written), no_space.
  virtual base::Result<std::uint64_t> acknowledge(const BlobId& id, std::uint64_t length_bytes) = 0;

  // Makes the blob durable and whole. A blob that is whole already stays so.
  // Errors: not_found, conflict (bytes are missing), no_space.
  virtual base::Result<void> finish(const BlobId& id) = 0;

  // Reads from a whole blob; gives the bytes read, fewer than asked for only at its end.
  // Errors: not_found (no such blob, or unfinished).
  virtual base::Result<std::size_t> read(const BlobId& id, std::uint64_t offset,
                                         base::MutableByteView out) = 0;

  // No power cut brings the blob back. Bytes stay readable through descriptors handed out before.
  // A blob that is not there is no error.
  virtual base::Result<void> remove(const BlobId& id) = 0;

  // Ids of all blobs, unfinished, whole, or left by a crash, in order. A page of fewer than
  // count_max is the last.
  virtual base::Result<std::vector<BlobId>> list(const BlobPage& page) = 0;

  // Of what lies in the store and belongs to no blob: nobody but the store puts anything there.
  virtual base::Result<std::uint64_t> foreign_bytes() { return std::uint64_t{0}; }

  // nullopt where nobody can say.
  virtual base::Result<std::optional<base::DiskSpace>> space() = 0;

  // nullptr when the store's bytes have no descriptors. Lives as long as the store.
  virtual BlobDescriptors* descriptors() = 0;
};

// What a writer needs besides the store: store/blob_writer.h takes it.
struct WritableBlob {
  base::FileDescriptor fd;  // write at offsets of the blob
  BlobStatus status;        // go on at status.durable_bytes
};

struct ReadableBlob {
  base::FileDescriptor fd;  // cannot be written through
  std::uint64_t size_bytes = 0;
};

// The capability of a store whose blobs are files on this machine. Thread-safe.
class BlobDescriptors {
 public:
  virtual ~BlobDescriptors() = default;

  // For one writer at a time. Bytes beyond durable_bytes, left by an earlier writer, are dropped.
  // Whoever is handed it can damage this blob while it is open, and no other.
  // Errors: not_found, conflict (the blob is whole), io.
  virtual base::Result<WritableBlob> open_to_write(const BlobId& id) = 0;

  // Errors: not_found (no such blob, or unfinished), io.
  virtual base::Result<ReadableBlob> open_to_read(const BlobId& id) = 0;
};

}  // namespace sealift::store
