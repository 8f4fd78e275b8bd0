#include "client/transfer/api_streams.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// The upload's own key is what was refused, not anybody's login.
template <typename T>
Result<T> of_upload(Result<T> answer) {
  if (answer || answer.error().code != ErrorCode::unauthorized) return answer;
  return base::fail(ErrorCode::not_found,
                    "the server knows this parcel no more: it was recalled or has expired");
}

}  // namespace

Result<std::uint64_t> ApiUploadTarget::offset() {
  request_.reset();
  return of_upload(api::read_upload_offset(api_, upload_));
}

Result<void> ApiUploadTarget::begin(std::uint64_t offset, std::uint64_t size_bytes) {
  auto begun = api::begin_append(api_, upload_, {.offset = offset, .size_bytes = size_bytes});
  if (!begun) return tl::unexpected(std::move(begun).error());
  request_.emplace(*std::move(begun));
  return {};
}

Result<void> ApiUploadTarget::write(base::ByteView bytes) {
  SEALIFT_TRY(const Upload::Written written, request_->write({&bytes, 1}));
  if (written == Upload::Written::all) return {};
  const auto answer = of_upload(api::finish_append(*request_));
  if (!answer) return tl::unexpected(answer.error());
  return base::fail(ErrorCode::io, "the server stopped taking the parcel");
}

Result<std::uint64_t> ApiUploadTarget::finish() { return of_upload(api::finish_append(*request_)); }

Result<void> FinishedTarget::begin(std::uint64_t, std::uint64_t) {
  return base::fail(ErrorCode::internal, "something was left to send");
}

Result<void> FinishedTarget::write(base::ByteView) {
  return base::fail(ErrorCode::internal, "something was left to send");
}

Result<void> ApiPayloadOrigin::open(std::uint64_t offset, std::uint64_t size_bytes) {
  // The body before may not have been read to its end.
  if (body_) api_.http().disconnect();
  body_.reset();
  auto begun = api::begin_payload(
      api_, opening_, part_, {.offset = offset, .size_bytes = size_bytes, .payload_bytes = size_});
  if (!begun) return tl::unexpected(std::move(begun).error());
  body_.emplace(*std::move(begun));
  return {};
}

Result<std::size_t> ApiPayloadOrigin::read(base::MutableByteView into) {
  SEALIFT_TRY(const std::size_t got, body_->read(into));
  if (got == 0) body_.reset();
  return got;
}

}  // namespace sealift::client
