// File requests: pages where an outsider hands files in, sealed to the requester's key.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct FileRequest {
  RequestId id{};
  AccountId owner{};
  Generation generation{};     // of the owner's key that the link names
  ProofVerifier verifier{};    // of the link's secret
  base::Bytes sealed_title{};  // under a key in the link's fragment
  std::uint64_t size_bytes_max = 0;
  std::optional<std::uint32_t> parcels_max{};
  std::uint32_t parcels_used = 0;  // set by the catalog
  base::UnixTime created{};
  base::UnixTime expires{};
  std::optional<base::UnixTime> closed{};
  Cursor cursor{};
};

class FileRequests {
 public:
  virtual ~FileRequests() = default;

  virtual base::Result<Insert> create(const FileRequest& request) = 0;
  virtual base::Result<std::optional<FileRequest>> find(const RequestId& id) const = 0;
  virtual base::Result<std::vector<FileRequest>> list(const AccountId& owner,
                                                      const Page& page) const = 0;
  // Uses up one hand-in, exactly. stale: closed, expired, used up, owner not active, locked down.
  virtual base::Result<Change> use(const RequestId& id, base::UnixTime now) = 0;
  // stale: closed already.
  virtual base::Result<Change> close(const AccountId& owner, const RequestId& id,
                                     base::UnixTime now) = 0;
};

}  // namespace sealift::catalog
