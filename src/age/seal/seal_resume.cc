#include "age/seal/seal_resume.h"

#include <algorithm>

#include "age/payload/engine.h"
#include "age/seal/seal_batch.h"
#include "age/seal/seal_record.h"

namespace sealift::age {
namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using internal::Batch;
using internal::Outcome;

base::Error conflict() {
  return {ErrorCode::conflict, "the input is not the one whose sealing began"};
}

// Passes on what comes after the bytes that the receiver has.
class RestSink final : public Sink {
 public:
  RestSink(Sink& sink, std::uint64_t skip) : sink_(sink), skip_(skip) {}

  Result<void> write(std::span<const ByteView> pieces) override {
    std::vector<ByteView> rest;
    for (const ByteView piece : pieces) {
      const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, piece.size()));
      skip_ -= skipped;
      if (skipped < piece.size()) rest.push_back(piece.subspan(skipped));
    }
    if (rest.empty()) return {};
    return sink_.write(rest);
  }

  std::uint64_t still_to_skip() const { return skip_; }

 private:
  Sink& sink_;
  std::uint64_t skip_;
};

Outcome seal_recorded(crypto::Aead& aead, Batch& batch, const SealRecordKey& key,
                      const SealJournal& journal, std::uint64_t known) {
  Outcome outcome = internal::seal_batch(aead, batch);
  batch.record =
      seal_record(key, batch.number, batch.last, std::span(batch.tags).first(batch.chunks));
  if (batch.number >= known) return outcome;
  const auto before = journal.at(batch.number);
  if (!before) return {.chunks = 0, .error = before.error()};
  if (!crypto::equal(*before, batch.record)) return {.chunks = 0, .error = conflict()};
  return outcome;
}

Result<void> record_new(std::span<const Batch* const> batches, SealJournal& journal) {
  std::vector<SealRecord> records;
  for (const Batch* batch : batches)
    if (batch->number >= journal.count()) records.push_back(batch->record);
  if (records.empty()) return {};
  return journal.append(records);
}

}  // namespace

Result<SealSummary> seal_payload_journaled(Pipeline& pipeline, const FileKey& file_key,
                                           SealJournal& journal, Received received, Source& source,
                                           Sink& sink, const PayloadOptions& options) {
  const std::uint64_t known = journal.count();
  if (received.payload_bytes > kPayloadNonceSize + known * internal::kBatchSealedSize)
    return base::fail(ErrorCode::conflict, "the receiver holds more than the journal knows");
  const PayloadKey key = derive_payload_key(file_key, journal.nonce());
  const SealRecordKey record_key = derive_record_key(file_key, journal.nonce());
  RestSink rest(sink, received.payload_bytes);
  const ByteView head(journal.nonce());
  SEALIFT_TRY_VOID(rest.write({&head, 1}));
  const internal::Job job{
      .source = source,
      .sink = rest,
      .key = key,
      .input = internal::Form::text,
      .output = internal::Form::sealed,
      .transform =
          [&](crypto::Aead& aead, Batch& batch) {
            return seal_recorded(aead, batch, record_key, journal, known);
          },
      .before_release = [&](auto batches) { return record_new(batches, journal); },
      .progress = options.progress,
      .cut_short = {}};
  SEALIFT_TRY(const std::uint64_t text_size, pipeline.engine().run(job));
  if (rest.still_to_skip() > 0)
    return base::fail(ErrorCode::conflict, "the receiver holds more than there is");
  return SealSummary{.text_size = text_size,
                     .payload_size = kPayloadNonceSize + sealed_size(text_size)};
}

}  // namespace sealift::age
