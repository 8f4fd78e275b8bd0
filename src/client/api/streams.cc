#include "client/api/streams.h"

#include <array>

namespace sealift::client::api {
namespace {

using base::ErrorCode;
using base::Result;

std::string upload_target(const UploadId& upload) { return "/api/v1/uploads/" + upload.text(); }

Result<std::uint64_t> offset_of(const Reply& reply) {
  if (!reply.head.is_success()) return tl::unexpected(refusal_of(reply.head.status, reply.body));
  if (!reply.head.upload_offset)
    return base::fail(ErrorCode::malformed, "the server's answer has no offset");
  return *reply.head.upload_offset;
}

// What a refusal says, as far as it is short.
Result<base::Bytes> short_body(Download& download) {
  base::Bytes body;
  std::array<std::byte, 4096> piece;
  while (body.size() < limits::kJsonBodySizeMax) {
    SEALIFT_TRY(const std::size_t size, download.read(piece));
    if (size == 0) break;
    base::append(body, base::ByteView(piece).first(size));
  }
  return body;
}

// Sealed, with the nonce and a tag for each chunk.
constexpr std::size_t kSealedManifestSizeMax =
    limits::kManifestSizeMax + limits::kManifestSizeMax / 1024;

Result<base::Bytes> read_small_payload(const Api& api, std::string target) {
  const Request request{.method = http::Method::get,
                        .target = std::move(target),
                        .credential = api.credential(),
                        .repeat = Repeat::safe};
  SEALIFT_TRY(Reply reply, api.http().call(request, {}, kSealedManifestSizeMax));
  if (!reply.head.is_success()) return tl::unexpected(refusal_of(reply.head.status, reply.body));
  return std::move(reply.body);
}

}  // namespace

Result<Upload> create_upload(const Api& api, const ParcelId& parcel, Part part,
                             const NewUpload& asked) {
  const Request request{.method = http::Method::post,
                        .target = "/api/v1/parcels/" + parcel.text() + "/parts/" +
                                  std::string(name_of(part)) + "/uploads",
                        .credential = api.credential(),
                        .content_type = ContentType::json,
                        .repeat = Repeat::keyed,
                        .is_tus = true,
                        .upload_length = asked.payload_bytes};
  SEALIFT_TRY(const Reply reply, api.http().call(request, base::bytes_of(encode(asked))));
  if (!reply.head.is_success()) return tl::unexpected(refusal_of(reply.head.status, reply.body));
  return decode<Upload>(reply.body);
}

Result<std::uint64_t> read_upload_offset(const Api& with_key, const UploadId& upload) {
  const Request request{.method = http::Method::head,
                        .target = upload_target(upload),
                        .credential = with_key.credential(),
                        .repeat = Repeat::safe,
                        .is_tus = true};
  SEALIFT_TRY(const Reply reply, with_key.http().call(request));
  return offset_of(reply);
}

Result<client::Upload> begin_append(const Api& with_key, const UploadId& upload,
                                    const Append& append) {
  const Request request{.method = http::Method::patch,
                        .target = upload_target(upload),
                        .credential = with_key.credential(),
                        .content_type = ContentType::upload_piece,
                        .is_tus = true,
                        .upload_offset = append.offset};
  return with_key.http().begin_upload(request, append.size_bytes);
}

Result<std::uint64_t> finish_append(client::Upload& upload) {
  SEALIFT_TRY(const Reply reply, upload.finish());
  return offset_of(reply);
}

Result<Download> begin_payload(const Api& with_ticket, const OpeningId& opening, Part part,
                               const PayloadRange& range) {
  const Request request{.method = http::Method::get,
                        .target = "/api/v1/openings/" + opening.text() + "/parts/" +
                                  std::string(name_of(part)) + "/payload",
                        .credential = with_ticket.credential(),
                        .repeat = Repeat::safe,
                        .range = http::ByteRange{range.offset, range.size_bytes}};
  SEALIFT_TRY(Download download, with_ticket.http().begin_download(request));
  const ReplyHead& head = download.head();
  if (!head.is_success()) {
    SEALIFT_TRY(const base::Bytes body, short_body(download));
    return tl::unexpected(refusal_of(head.status, body));
  }
  // A server may send all of a payload where all of it was asked for.
  const bool is_whole = head.status == 200 && range.offset == 0 &&
                        range.size_bytes == range.payload_bytes &&
                        head.body_size_bytes == range.payload_bytes;
  const bool is_range = head.status == 206 && head.content_range &&
                        head.content_range->range == *request.range &&
                        head.content_range->whole_size_bytes == range.payload_bytes &&
                        head.body_size_bytes == range.size_bytes;
  if (!is_whole && !is_range)
    return base::fail(ErrorCode::malformed, "the server's answer is not the range asked for");
  return download;
}

Result<base::Bytes> read_manifest(const Api& api, const ParcelId& parcel) {
  return read_small_payload(api, "/api/v1/parcels/" + parcel.text() + "/manifest");
}

Result<base::Bytes> read_opened_manifest(const Api& with_ticket, const OpeningId& opening) {
  return read_small_payload(with_ticket,
                            "/api/v1/openings/" + opening.text() + "/parts/manifest/payload");
}

}  // namespace sealift::client::api
