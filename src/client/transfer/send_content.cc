#include "client/transfer/send_content.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

#include "age/seal/seal_resume.h"
#include "client/transfer/send_queue.h"
#include "client/transfer/tar_source.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// As much as is sent while a slow disk syncs once; of a small sending no more than there is.
std::size_t queue_size(std::uint64_t sending_bytes) {
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(sending_bytes, 1, 32U << 20));
}

// One attempt's way out. Begins the request with the first byte: there may be none to send.
class TargetSink final : public age::Sink {
 public:
  TargetSink(const SendContentJob& job, std::uint64_t offset, std::uint64_t size_bytes)
      : target_(job.target),
        offset_(offset),
        size_bytes_(size_bytes),
        queue_(queue_size(size_bytes),
               {.make_durable = [&job] { return job.journal.sync(); },
                .send = [this](base::ByteView bytes) { return send(bytes); }}) {}

  Result<void> write(std::span<const base::ByteView> pieces) override {
    return queue_.write(pieces);
  }

  Result<void> finish() {
    SEALIFT_TRY_VOID(queue_.finish());
    if (!begun_) return {};
    SEALIFT_TRY(const std::uint64_t reached, target_.finish());
    if (reached != offset_ + size_bytes_)
      return base::fail(ErrorCode::io, "the server has not taken everything");
    return {};
  }

  // Whether an error came from here, and not from the source or the sealing.
  bool has_failed() const { return failed_; }

 private:
  Result<void> send(base::ByteView bytes) {
    Result<void> sent;
    if (!begun_) sent = target_.begin(offset_, size_bytes_);
    begun_ = true;
    if (sent) sent = target_.write(bytes);
    if (!sent) failed_ = true;
    return sent;
  }

  UploadTarget& target_;
  const std::uint64_t offset_;
  const std::uint64_t size_bytes_;
  std::atomic<bool> begun_ = false;
  std::atomic<bool> failed_ = false;
  SendQueue queue_;  // last: its threads use the rest
};

// Why an attempt is repeated: `counted` unless the target goes another way from now on.
struct Setback {
  base::Error error;
  bool is_counted = true;
};

// Nothing: trying again may help.
Result<std::optional<SentContent>> attempt(const SendContentJob& job, Setback& last) {
  const std::uint64_t whole = age::kPayloadNonceSize + age::sealed_size(job.map.size_bytes());
  const auto offset = job.target.offset();
  if (!offset) {
    if (offset.error().code != ErrorCode::io) return tl::unexpected(offset.error());
    last = {offset.error()};
    return std::nullopt;
  }
  if (*offset > whole) return base::fail(ErrorCode::malformed, "the server has more than was sent");
  TarSource source(job.tree, job.map);
  auto sink = std::make_unique<TargetSink>(job, *offset, whole - *offset);
  const auto sealed =
      age::seal_payload_journaled(job.pipeline, job.file_key, job.journal, {*offset}, source, *sink,
                                  {.progress = job.progress});
  if (!sealed && sealed.error().code == ErrorCode::conflict && !sink->has_failed())
    return SentContent{.state = ContentState::source_changed};
  Result<void> finished;
  if (sealed) finished = sink->finish();
  const base::Error* const error = !sealed     ? &sealed.error()
                                   : !finished ? &finished.error()
                                               : nullptr;
  if (error != nullptr) {
    // The server at another offset: what it took of the last attempt came late.
    const bool has_adapted = job.target.has_adapted(*error);
    const bool again =
        has_adapted || error->code == ErrorCode::io || error->code == ErrorCode::conflict;
    if (!again) return tl::unexpected(*error);
    last = {*error, !has_adapted};
    return std::nullopt;
  }
  SentContent sent{.state = ContentState::sent, .changed_while_read = source.changed_count()};
  for (std::size_t i = 0; i < job.map.entries().size(); ++i) sent.hashes.push_back(source.hash(i));
  return sent;
}

}  // namespace

Result<SentContent> send_content(const SendContentJob& job) {
  Setback last{{ErrorCode::io, "the server could not be reached"}};
  std::uint64_t reached = 0;
  for (unsigned failures = 0; failures < job.patience.attempts_max;) {
    if (failures > 0 && job.patience.wait)
      job.patience.wait(job.patience.first_wait_ms * (1 << (failures - 1)));
    SEALIFT_TRY(std::optional<SentContent> sent, attempt(job, last));
    if (sent) return *std::move(sent);
    if (!last.is_counted) continue;
    // A connection that brings us forward each time may break as often as it likes.
    const auto offset = job.target.offset();
    failures = offset && *offset > reached ? 1 : failures + 1;
    if (offset) reached = *offset;
  }
  return tl::unexpected(last.error);
}

}  // namespace sealift::client
