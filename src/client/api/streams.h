// The operations of the API whose bodies have any size: pieces of an upload, payloads, manifests.
//
// The Upload and Download that come back borrow the Api's HttpClient (client/http_client.h).
#pragma once

#include <cstdint>

#include "client/api/api.h"

namespace sealift::client::api {

// upload.create. The credential is the session's, or a hand-in key; later calls on the upload take
// `key` (Credential::Kind::upload_key).
base::Result<Upload> create_upload(const Api& api, const ParcelId& parcel, Part part,
                                   const NewUpload& asked);

// upload.read: how many bytes the server has for certain. Errors: not_found (expired, or ended).
base::Result<std::uint64_t> read_upload_offset(const Api& with_key, const UploadId& upload);

// upload.append: `size_bytes` from `offset` on are written to what comes back, and finish_append()
// says how many the server has then, durable. Errors: io.
struct Append {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};
base::Result<client::Upload> begin_append(const Api& with_key, const UploadId& upload,
                                          const Append& append);
// Errors: conflict (the server is at another offset), no_space, not_found, locked_down, io.
base::Result<std::uint64_t> finish_append(client::Upload& upload);

// opening.read_payload: `range` of it. The answer was judged: it is just that range of a payload of
// `payload_bytes`. Errors: malformed (it isn't), and what the server answered.
struct PayloadRange {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;     // at least 1
  std::uint64_t payload_bytes = 0;  // of the whole
};
base::Result<Download> begin_payload(const Api& with_ticket, const OpeningId& opening, Part part,
                                     const PayloadRange& range);

// The manifest's payload, whole: parcel.read_manifest of a parcel of our own, opening.read_payload
// of one that was opened. Errors: limit (larger than any manifest), and what the server answered.
base::Result<base::Bytes> read_manifest(const Api& api, const ParcelId& parcel);
base::Result<base::Bytes> read_opened_manifest(const Api& with_ticket, const OpeningId& opening);

}  // namespace sealift::client::api
