#include "client/transfer/range_stream.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::MutableByteView;
using base::Result;

}  // namespace

RangeStream::RangeStream(PayloadOrigin& origin, std::uint64_t size_bytes, std::vector<Span> plan,
                         Patience patience)
    : origin_(origin),
      size_bytes_(size_bytes),
      plan_(std::move(plan)),
      patience_(std::move(patience)) {}

Result<std::size_t> RangeStream::read_at(std::span<const MutableByteView> pieces,
                                         std::uint64_t offset) {
  std::size_t wanted = 0;
  for (const MutableByteView piece : pieces) wanted += piece.size();
  std::unique_lock lock(mutex_);
  const auto is_next = [&] { return next_ < plan_.size() && plan_[next_].offset == offset; };
  turned_.wait(lock, [&] { return error_ || is_next(); });
  if (error_) return tl::unexpected(*error_);
  // The lock is held while the network is read: nobody else could do anything else meanwhile.
  const Result<void> read = wanted == plan_[next_].size_bytes
                                ? read_all(pieces)
                                : base::fail(ErrorCode::internal, "a span was read in parts");
  if (!read) {
    error_ = read.error();
    turned_.notify_all();
    return tl::unexpected(read.error());
  }
  ++next_;
  turned_.notify_all();
  return wanted;
}

Result<void> RangeStream::read_all(std::span<const MutableByteView> pieces) {
  if (at_ != plan_[next_].offset) {
    at_ = plan_[next_].offset;
    range_end_ = at_;
  }
  for (const MutableByteView piece : pieces) SEALIFT_TRY_VOID(fill(piece));
  return {};
}

Result<void> RangeStream::fill(MutableByteView into) {
  while (!into.empty()) {
    Result<std::size_t> got = std::size_t{0};
    if (range_end_ == at_) {
      if (const auto begun = begin_range(); !begun) got = tl::unexpected(begun.error());
    }
    if (got) got = origin_.read(into);
    if (got && *got == 0) got = base::fail(ErrorCode::io, "the server stopped sending");
    if (!got) {
      if (!may_try_again(got.error())) return tl::unexpected(got.error());
      range_end_ = at_;
      continue;
    }
    failures_ = 0;
    at_ += *got;
    into = into.subspan(*got);
  }
  return {};
}

// From where we are to the end of what follows without a gap.
Result<void> RangeStream::begin_range() {
  std::size_t last = next_;
  while (last + 1 < plan_.size() &&
         plan_[last + 1].offset == plan_[last].offset + plan_[last].size_bytes)
    ++last;
  const std::uint64_t end = plan_[last].offset + plan_[last].size_bytes;
  SEALIFT_TRY_VOID(origin_.open(age::kPayloadNonceSize + at_, end - at_));
  range_end_ = end;
  return {};
}

bool RangeStream::may_try_again(const base::Error& error) {
  if (error.code != ErrorCode::io || ++failures_ >= patience_.attempts_max) return false;
  if (patience_.wait) patience_.wait(patience_.first_wait_ms * (1 << (failures_ - 1)));
  return true;
}

void RangeStream::abandon() {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = base::Error{ErrorCode::io, "the transfer was broken off"};
  turned_.notify_all();
}

}  // namespace sealift::client
