#include "client/transfer/api_streams.h"

#include <algorithm>

#include "base/refusal.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t kRequestBytesFirst = 16U << 20;
constexpr std::uint64_t kRequestBytesMin = 64U << 10;

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
  at_ = offset;
  end_ = offset + size_bytes;
  return begin_request();
}

Result<void> ApiUploadTarget::begin_request() {
  const std::uint64_t size_bytes = std::min(end_ - at_, request_bytes_max_);
  auto begun = api::begin_append(api_, upload_, {.offset = at_, .size_bytes = size_bytes});
  if (!begun) return tl::unexpected(std::move(begun).error());
  request_.emplace(*std::move(begun));
  request_end_ = at_ + size_bytes;
  return {};
}

Result<void> ApiUploadTarget::end_request() {
  SEALIFT_TRY(const std::uint64_t reached, of_upload(api::finish_append(*request_)));
  request_.reset();
  if (reached == request_end_) return {};
  return base::fail(ErrorCode::io, "the server has not taken everything");
}

Result<void> ApiUploadTarget::write(base::ByteView bytes) {
  while (!bytes.empty()) {
    if (at_ == request_end_) {
      SEALIFT_TRY_VOID(end_request());
      SEALIFT_TRY_VOID(begin_request());
    }
    const base::ByteView piece = bytes.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), request_end_ - at_)));
    SEALIFT_TRY(const Upload::Written written, request_->write({&piece, 1}));
    if (written != Upload::Written::all) {
      const auto answer = of_upload(api::finish_append(*request_));
      if (!answer) return tl::unexpected(answer.error());
      return base::fail(ErrorCode::io, "the server stopped taking the parcel");
    }
    at_ += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

Result<std::uint64_t> ApiUploadTarget::finish() { return of_upload(api::finish_append(*request_)); }

bool ApiUploadTarget::has_adapted(const base::Error& error) {
  const auto refusal = base::refusal_of(error);
  if (!refusal || refusal->row->reason != "proxy_limit") return false;
  if (request_bytes_max_ <= kRequestBytesMin) return false;
  request_bytes_max_ = std::min(request_bytes_max_ / 4, kRequestBytesFirst);
  return true;
}

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
