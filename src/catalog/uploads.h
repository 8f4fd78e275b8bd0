// Uploads: tus uploads under way. One upload fills one blob, for one part of one parcel.
//
// An upload's key (256 random bits, here its hash) authorises going on, so that it outlives the
// login that began it; ending it is authorised again, against the parcel's owner or request. For a
// while the key of a sender's content also makes its parcel whole: see Finisher.
#pragma once

#include <vector>

#include "catalog/parcels.h"

namespace sealift::catalog {

struct Upload {
  UploadId id{};
  ParcelId parcel{};
  Part part = Part::content;
  BlobId blob{};  // reserved before, and named by the parcel's part
  TokenHash key{};
  std::uint64_t length_bytes = 0;
  std::uint64_t offset_bytes = 0;   // durable and acknowledged
  std::uint64_t charged_bytes = 0;  // of the blob, to its account; set by the catalog
  base::UnixTime created{};
  base::UnixTime expires{};
  std::optional<SessionId> session{};  // the login that began it; nullopt: an outsider's hand-in
};

// The right to make a sender's parcel whole that its content's upload began, when the login has
// come to its end meanwhile. A login that somebody ends takes it along.
struct Finisher {
  ParcelId parcel{};
  TokenHash key{};  // of the upload
  SessionId session{};
  base::UnixTime until{};
};

struct Advance {
  std::uint64_t from_bytes = 0;  // the offset that the sender supposes
  std::uint64_t to_bytes = 0;
  base::UnixTime expires{};  // of the upload, from now on
};

class Uploads {
 public:
  virtual ~Uploads() = default;

  virtual base::Result<Insert> create(const Upload& upload) = 0;
  // nullopt: never there, finished, ended or expired, or its parcel is, or the parcel's owner is
  // not active.
  virtual base::Result<std::optional<Upload>> find_live(const UploadId& id,
                                                        base::UnixTime now) const = 0;
  // Of the parcel's parts, finished or not, until they are forgotten.
  virtual base::Result<std::vector<Upload>> of_parcel(const ParcelId& parcel) const = 0;
  // Of parcels that the account sends itself; of hand-ins that answer the request.
  virtual base::Result<std::uint64_t> open_of(const AccountId& owner) const = 0;
  virtual base::Result<std::uint64_t> open_of(const RequestId& request) const = 0;
  // Bytes are on the way: neither it nor its parcel, while that is uploading, ends before
  // `expires`.
  virtual base::Result<Change> postpone(const UploadId& id, base::UnixTime expires) = 0;
  // stale: another offset, or beyond the length.
  virtual base::Result<Change> advance(const UploadId& id, const Advance& step) = 0;
  // Its bytes flow: the login that began it is in use, unless it has ended.
  virtual base::Result<void> keep_login(const UploadId& id, base::UnixTime now) = 0;
  // The bytes are all there and judged: the upload is forgotten, its blob is kept.
  // stale: the offset is not the length.
  virtual base::Result<Change> finish(const UploadId& id) = 0;
  // The upload and its part are forgotten, its blob is doomed.
  virtual base::Result<Change> terminate(const UploadId& id) = 0;
  // In the place of the parcel's last one. Nothing once its login has ended.
  virtual base::Result<void> let_finish(const Finisher& finisher) = 0;
  // nullopt: none, or its time is over, or the parcel is neither uploading nor whole at `now`, or
  // its owner is not active.
  virtual base::Result<std::optional<Finisher>> finisher_of(const ParcelId& parcel,
                                                            base::UnixTime now) const = 0;
  // Terminates what is due, at most `rows_max`.
  virtual base::Result<std::vector<UploadId>> expire_due(base::UnixTime now,
                                                         std::uint32_t rows_max) = 0;
};

}  // namespace sealift::catalog
