// RangeStream: the chunks of a payload, read over a network by several threads in a known order.
//
// The threads that open a payload ask for its chunks span by span. Each span is read by the thread
// that asked, when its turn in the plan has come; spans that follow each other are one request, so
// that a download is one stream however many threads open it. A connection that breaks is taken up
// where it broke, a few times in a row.
//
// Thread-safe. The origin outlives it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "age/format/payload_io.h"
#include "age/format/stream.h"

namespace sealift::client {

// Where ranges of one payload come from. One range at a time; one thread at a time.
class PayloadOrigin {
 public:
  virtual ~PayloadOrigin() = default;
  // Begins a range of the payload, nonce included; the one before is over. Errors: io (trying again
  // may help), and any other.
  virtual base::Result<void> open(std::uint64_t offset, std::uint64_t size_bytes) = 0;
  // At least one byte of the range; 0 when it is over. Errors: as open().
  virtual base::Result<std::size_t> read(base::MutableByteView into) = 0;
};

// How often a connection that broke is tried again before it is given up, and how long is waited
// before each further time: `first_wait_ms`, then twice as long each.
struct Patience {
  unsigned attempts_max = 5;
  std::chrono::milliseconds first_wait_ms{500};
  std::function<void(std::chrono::milliseconds)> wait{};
};

class RangeStream final : public age::Source {
 public:
  // Chunks from `offset` on, without the payload's nonce.
  struct Span {
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;
  };

  // `plan`: every read that there will be, in its order. A span of it that nobody asks for is
  // a span for which the spans behind it wait.
  RangeStream(PayloadOrigin& origin, std::uint64_t size_bytes, std::vector<Span> plan,
              Patience patience);

  std::optional<std::uint64_t> size_bytes() const override { return size_bytes_; }
  // Errors: those of the origin; io (abandoned).
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

  // Ends all waiting, now and later.
  void abandon();

 private:
  base::Result<void> read_all(std::span<const base::MutableByteView> pieces);
  base::Result<void> fill(base::MutableByteView into);
  base::Result<void> begin_range();
  bool may_try_again(const base::Error& error);

  PayloadOrigin& origin_;
  const std::uint64_t size_bytes_;
  const std::vector<Span> plan_;
  const Patience patience_;
  std::mutex mutex_;
  std::condition_variable turned_;
  std::size_t next_ = 0;              // mutex_: in plan_
  std::uint64_t at_ = 0;              // mutex_: where the next byte comes from
  std::uint64_t range_end_ = 0;       // mutex_: at_ when nothing is open
  unsigned failures_ = 0;             // mutex_: in a row
  std::optional<base::Error> error_;  // mutex_: the first one ends everything
};

}  // namespace sealift::client
