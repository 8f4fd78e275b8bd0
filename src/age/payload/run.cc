#include "age/payload/run.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace sealift::age::internal {
namespace {

using base::ErrorCode;
using base::MutableByteView;
using base::Result;

constexpr std::size_t kAheadSize = 4096;

std::optional<std::uint64_t> count_batches(const Source& source, std::size_t batch_size) {
  const auto size = source.size_bytes();
  if (!size) return std::nullopt;
  return std::max<std::uint64_t>(1, *size / batch_size + (*size % batch_size != 0));
}

// The part of `pieces` from byte `begin` to byte `end`.
std::vector<MutableByteView> slice(std::span<const MutableByteView> pieces, std::size_t begin,
                                   std::size_t end) {
  std::vector<MutableByteView> out;
  out.reserve(pieces.size() + 1);
  std::size_t at = 0;
  for (const MutableByteView piece : pieces) {
    const std::size_t from = std::clamp(begin, at, at + piece.size()) - at;
    const std::size_t to = std::clamp(end, at, at + piece.size()) - at;
    if (from < to) out.push_back(piece.subspan(from, to - from));
    at += piece.size();
  }
  return out;
}

}  // namespace

Run::Run(const Job& job, std::vector<Batch>& batches)
    : job_(job),
      batch_size_(job.input == Form::text ? kBatchTextSize : kBatchSealedSize),
      batch_count_(count_batches(job.source, batch_size_)),
      batches_(batches),
      done_(batches.size()) {
  for (Batch& batch : batches) {
    batch.text_size = 0;
    free_.push_back(&batch);
  }
}

Run::~Run() {
  for (Batch& batch : batches_) crypto::wipe(batch.text.first(std::exchange(batch.used, 0)));
}

bool Run::step(crypto::Aead& aead) {
  std::optional<Slot> slot = take();
  if (!slot) return false;
  if (!slot->outcome.error) {
    slot->outcome = job_.transform(aead, *slot->batch);
    if (slot->cut_short && !slot->outcome.error) slot->outcome.error = job_.cut_short;
  }
  hand_in(*std::move(slot));
  return true;
}

std::uint64_t Run::batches_left() {
  const std::lock_guard lock(mutex_);
  if (ended_) return 0;
  return batch_count_ ? *batch_count_ - taken_ : batches_.size();
}

Result<std::uint64_t> Run::result() {
  const std::lock_guard lock(mutex_);
  SEALIFT_CHECK(!releasing_);
  if (error_) return tl::unexpected(*error_);
  SEALIFT_CHECK(ended_ && released_ == taken_);
  return text_released_;
}

std::optional<Run::Slot> Run::take() { return batch_count_ ? take_numbered() : take_streamed(); }

// Waits for a free buffer and gives it the next number; nullptr when the run has ended.
Batch* Run::free_batch(std::unique_lock<std::mutex>& lock) {
  freed_.wait(lock, [this] { return ended_ || !free_.empty(); });
  if (ended_) return nullptr;
  Batch* batch = free_.back();
  free_.pop_back();
  batch->number = taken_++;
  batch->last = Last::no;
  return batch;
}

std::optional<Run::Slot> Run::take_numbered() {
  Slot slot;
  {
    std::unique_lock lock(mutex_);
    slot.batch = free_batch(lock);
    if (slot.batch == nullptr) return std::nullopt;
    if (taken_ == *batch_count_) {
      slot.batch->last = Last::yes;
      ended_ = true;
      freed_.notify_all();
    }
  }
  const std::uint64_t offset = slot.batch->number * batch_size_;
  const std::uint64_t left = *job_.source.size_bytes() - offset;
  read_batch(slot, offset, static_cast<std::size_t>(std::min<std::uint64_t>(left, batch_size_)));
  return slot;
}

void Run::read_batch(Slot& slot, std::uint64_t offset, std::size_t size) {
  const auto pieces = slice(input_pieces(*slot.batch, job_.input), 0, size);
  judge(slot, job_.source.read_at(pieces, offset), size);
}

std::optional<Run::Slot> Run::take_streamed() {
  const std::lock_guard reading(reading_);
  Slot slot;
  {
    std::unique_lock lock(mutex_);
    slot.batch = free_batch(lock);
  }
  if (slot.batch == nullptr) return std::nullopt;
  stream_batch(slot);
  if (slot.batch->last == Last::yes || slot.outcome.error) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    freed_.notify_all();
  }
  return slot;
}

// Starts the batch with what was read ahead, fills it, and reads ahead again: a batch is the last
// one when nothing was found behind it.
void Run::stream_batch(Slot& slot) {
  const std::size_t carried = ahead_.size();
  std::copy(ahead_.begin(), ahead_.end(), slot.batch->text.begin());
  ahead_.resize(kAheadSize);
  auto pieces = slice(input_pieces(*slot.batch, job_.input), carried, batch_size_);
  pieces.emplace_back(ahead_);
  const auto got = job_.source.read_at(pieces, stream_at_);
  const std::size_t size = carried + got.value_or(0);
  stream_at_ += got.value_or(0);
  crypto::wipe(MutableByteView(ahead_).subspan(size > batch_size_ ? size - batch_size_ : 0));
  ahead_.resize(size > batch_size_ ? size - batch_size_ : 0);
  if (ahead_.empty()) slot.batch->last = Last::yes;
  const std::size_t in_batch = std::min(size, batch_size_);
  judge(slot, got ? Result<std::size_t>(in_batch) : got, in_batch);
}

void Run::judge(Slot& slot, const Result<std::size_t>& got, std::size_t wanted) {
  Batch& batch = *slot.batch;
  batch.used = std::max(batch.used, std::min(wanted, kBatchTextSize));
  if (!got) {
    batch.used = kBatchTextSize;  // nobody says how far the read came
    slot.outcome.error = got.error();
  } else if (*got != wanted) {
    slot.outcome.error = base::Error{ErrorCode::conflict, "the input shrank while it was read"};
  } else if (!arrange_input(batch, job_.input, wanted)) {
    batch.last = Last::no;  // the whole chunks before the stump are judged as what they are
    slot.cut_short = true;
  }
}

void Run::hand_in(Slot slot) {
  std::unique_lock lock(mutex_);
  if (slot.outcome.error) {
    ended_ = true;  // what is behind it would be thrown away
    freed_.notify_all();
  }
  const std::uint64_t number = slot.batch->number;
  done_[number % done_.size()] = std::move(slot);
  if (releasing_) return;
  releasing_ = true;
  for (auto ready = ready_slots(); !ready.empty() && !error_; ready = ready_slots()) {
    lock.unlock();
    const auto released = release(ready);
    lock.lock();
    for (const Slot& each : ready) free_.push_back(each.batch);
    if (!released) {
      error_ = released.error();
      ended_ = true;
    }
    freed_.notify_all();
  }
  releasing_ = false;
}

// The batches whose turn it is, in order. One at a time frees buffers soonest; a journal is asked
// about as many as there are, because it may have to wait for the disk.
std::vector<Run::Slot> Run::ready_slots() {
  const std::size_t count_max = job_.before_release ? done_.size() : 1;
  std::vector<Slot> ready;
  while (ready.size() < count_max) {
    auto next = std::exchange(done_[released_ % done_.size()], std::nullopt);
    if (!next) break;
    ready.push_back(*std::move(next));
    ++released_;
  }
  return ready;
}

Result<std::uint64_t> Run::release(std::span<const Slot> slots) {
  std::vector<const Batch*> whole;
  for (const Slot& slot : slots) {
    if (slot.outcome.error) break;
    whole.push_back(slot.batch);
  }
  if (job_.before_release && !whole.empty()) SEALIFT_TRY_VOID(job_.before_release(whole));
  for (const Slot& slot : slots) {
    const Outcome& outcome = slot.outcome;
    if (outcome.chunks > 0) {
      SEALIFT_TRY_VOID(job_.sink.write(output_pieces(*slot.batch, job_.output, outcome.chunks)));
      text_released_ += std::min(slot.batch->text_size, outcome.chunks * kChunkSize);
      if (job_.progress) job_.progress(text_released_);
    }
    if (outcome.error) return tl::unexpected(*outcome.error);
  }
  return text_released_;
}

}  // namespace sealift::age::internal
