// Run: one payload on its way from a source through the workers to a sink.
//
// Every worker takes a free batch buffer, reads into it, transforms it, and hands it in. Batches
// leave in order: whoever hands in the one whose turn it is writes it and all that are ready behind
// it, while the others go on with the free buffers. A source with a size is read by all workers at
// once; any other one by one worker at a time, which looks a page ahead to know the end.
//
// A failure in batch n ends the run at n: what comes before it still leaves, nothing behind it
// does, whatever the order in which the workers got there. All buffers are wiped at the end.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "age/format/payload_io.h"
#include "age/payload/batch.h"

namespace sealift::age::internal {

// What became of a batch: its first `chunks` chunks may leave; an error ends the run behind them.
struct Outcome {
  std::size_t chunks = 0;
  std::optional<base::Error> error;
};

struct Job {
  Source& source;
  Sink& sink;
  const PayloadKey& key;
  Form input;
  Form output;
  // Called by several threads at once, each with its own Aead.
  std::function<Outcome(crypto::Aead&, Batch&)> transform;
  // Called in order before batches leave, by one thread at a time. Not called for failed ones.
  std::function<base::Result<void>(std::span<const Batch* const>)> before_release = {};
  // Called in order after bytes of text have left, with their total.
  std::function<void(std::uint64_t)> progress = {};
  // What it means when the input ends inside a chunk's tag or before any chunk.
  base::Error cut_short;
};

class Run {
 public:
  // Borrows both.
  Run(const Job& job, std::vector<Batch>& batches);
  ~Run();

  // Takes one batch through; false when there is none left to take. Thread-safe.
  bool step(crypto::Aead& aead);

  // How many batches there are beyond those taken so far, as far as that is known.
  std::uint64_t batches_left();

  // After every worker is done: how many bytes of text have left.
  base::Result<std::uint64_t> result();

 private:
  struct Slot {
    Batch* batch = nullptr;
    bool cut_short = false;  // the input ends inside a tag
    Outcome outcome;
  };

  std::optional<Slot> take();
  std::optional<Slot> take_numbered();
  std::optional<Slot> take_streamed();
  Batch* free_batch(std::unique_lock<std::mutex>& lock);
  void read_batch(Slot& slot, std::uint64_t offset, std::size_t size);
  void stream_batch(Slot& slot);
  void judge(Slot& slot, const base::Result<std::size_t>& got, std::size_t wanted);
  void hand_in(Slot slot);
  std::vector<Slot> ready_slots();
  base::Result<std::uint64_t> release(std::span<const Slot> slots);

  const Job& job_;
  const std::size_t batch_size_;                    // of the input
  const std::optional<std::uint64_t> batch_count_;  // when the source has a size
  std::vector<Batch>& batches_;

  std::mutex reading_;            // held by the worker that reads a stream; before mutex_
  std::vector<std::byte> ahead_;  // reading_: bytes read beyond the last batch
  std::uint64_t stream_at_ = 0;   // reading_: offset of the next read

  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Batch*> free_;               // mutex_
  std::vector<std::optional<Slot>> done_;  // mutex_: handed in, by number modulo their count
  std::uint64_t taken_ = 0;                // mutex_: number of the next batch to take
  std::uint64_t released_ = 0;             // mutex_: number of the next batch to leave
  std::uint64_t text_released_ = 0;        // the worker that releases
  bool releasing_ = false;                 // mutex_: a worker is writing
  bool ended_ = false;                     // mutex_: no further batch is to be taken
  std::optional<base::Error> error_;       // mutex_
};

}  // namespace sealift::age::internal
