// Blobs: which blobs of the store are ours, who is charged for them, and which have to go.
//
// A blob is reserved here before its first byte is written, and forgotten here after its last copy
// is removed. So at any instant of a crash: what the store has and this table has not is an orphan,
// and what is doomed here is still to be removed.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct NewBlob {
  BlobId id{};
  AccountId charged{};
  std::uint64_t length_bytes = 0;
  std::uint64_t quota_bytes_max = 0;  // that holds for the account now
};

// A blob whose last byte has come: no upload fills it any more, and nothing has doomed it.
struct WholeBlob {
  BlobId id{};
  std::uint64_t length_bytes = 0;
  std::optional<BlobDigest> digest{};  // nullopt: not read yet since it became whole
  std::optional<ParcelId> parcel{};    // whose part it is
};

enum class Reserve { reserved, over_quota, taken, no_account };

class Blobs {
 public:
  virtual ~Blobs() = default;

  // Charges the length to the account, exactly, whoever else reserves at the same time.
  virtual base::Result<Reserve> reserve(const NewBlob& blob) = 0;
  // Charges a blob that was reserved at less than it comes to, up to `length_bytes`; never less
  // than before. taken: not reserved. What was charged is given back when the blob is removed.
  virtual base::Result<Reserve> charge(const BlobId& id, std::uint64_t length_bytes,
                                       std::uint64_t quota_bytes_max) = 0;
  virtual base::Result<bool> is_known(const BlobId& id) const = 0;
  // In the order of their ids, those after `after`; fewer than `rows_max` are the last.
  virtual base::Result<std::vector<WholeBlob>> whole(const std::optional<BlobId>& after,
                                                     std::uint32_t rows_max) const = 0;
  virtual base::Result<bool> is_whole(const BlobId& id) const = 0;
  // Whole ones without a digest.
  virtual base::Result<std::vector<WholeBlob>> undigested(std::uint32_t rows_max) const = 0;
  // Kept once, for ever. stale: it has one already.
  virtual base::Result<Change> set_digest(const BlobId& id, const BlobDigest& digest) = 0;
  // Dooming twice is done.
  virtual base::Result<Change> doom(const BlobId& id) = 0;
  virtual base::Result<std::vector<BlobId>> doomed(std::uint32_t rows_max) const = 0;
  // The store has removed it: forgets it and gives the room back. stale: it was not doomed.
  virtual base::Result<Change> removed(const BlobId& id) = 0;
};

}  // namespace sealift::catalog
