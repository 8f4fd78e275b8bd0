#include "client/transfer/send_queue.h"

#include <algorithm>

#include "base/check.h"

namespace sealift::client {
namespace {

using base::ByteView;
using base::Result;

// Large enough for many TLS records a turn; small enough that the ring frees up steadily.
constexpr std::size_t kSendSizeMax = std::size_t{1} << 20;

}  // namespace

SendQueue::SendQueue(std::size_t size_bytes, Steps steps)
    : steps_(std::move(steps)), ring_(size_bytes) {
  SEALIFT_CHECK(size_bytes > 0);
  durable_thread_ = std::thread([this] { run_durable(); });
  send_thread_ = std::thread([this] { run_send(); });
}

SendQueue::~SendQueue() { stop(); }

void SendQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  moved_.notify_all();
  if (durable_thread_.joinable()) durable_thread_.join();
  if (send_thread_.joinable()) send_thread_.join();
}

Result<void> SendQueue::write(std::span<const ByteView> pieces) {
  for (const ByteView piece : pieces) SEALIFT_TRY_VOID(write_piece(piece));
  return {};
}

Result<void> SendQueue::write_piece(ByteView piece) {
  while (!piece.empty()) {
    std::uint64_t at = 0;
    std::size_t size = 0;
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, [&] { return error_ || filled_ - sent_ < ring_.size(); });
      if (error_) return tl::unexpected(*error_);
      at = filled_ % ring_.size();
      const std::uint64_t room = ring_.size() - (filled_ - sent_);
      size = static_cast<std::size_t>(
          std::min<std::uint64_t>({piece.size(), room, ring_.size() - at}));
    }
    // Nobody else touches this part of the ring until filled_ says that it is there.
    std::copy_n(piece.begin(), size, ring_.begin() + static_cast<std::ptrdiff_t>(at));
    piece = piece.subspan(size);
    const std::lock_guard lock(mutex_);
    filled_ += size;
    moved_.notify_all();
  }
  return {};
}

Result<void> SendQueue::finish() {
  {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return error_ || sent_ == filled_; });
  }
  stop();
  if (error_) return tl::unexpected(*error_);
  return {};
}

void SendQueue::run_durable() {
  for (;;) {
    std::uint64_t reached = 0;
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, [&] { return ends_ || error_ || filled_ > durable_; });
      if (ends_ || error_) return;
      reached = filled_;
    }
    if (const auto durable = steps_.make_durable(); !durable) return fail(durable.error());
    const std::lock_guard lock(mutex_);
    durable_ = reached;
    moved_.notify_all();
  }
}

void SendQueue::run_send() {
  for (;;) {
    ByteView next;
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, [&] { return ends_ || error_ || durable_ > sent_; });
      if (ends_ || error_) return;
      const auto at = static_cast<std::size_t>(sent_ % ring_.size());
      const auto size = static_cast<std::size_t>(
          std::min<std::uint64_t>({kSendSizeMax, durable_ - sent_, ring_.size() - at}));
      next = ByteView(ring_).subspan(at, size);
    }
    if (const auto sent = steps_.send(next); !sent) return fail(sent.error());
    const std::lock_guard lock(mutex_);
    sent_ += next.size();
    moved_.notify_all();
  }
}

void SendQueue::fail(const base::Error& error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = error;
  moved_.notify_all();
}

}  // namespace sealift::client
