#include "age/open/open_payload.h"

#include "age/open/open_chunk.h"
#include "age/payload/engine.h"

namespace sealift::age {
namespace {

using internal::Batch;
using internal::Outcome;

base::Error damaged() {
  return {base::ErrorCode::damaged, "the sealed data was changed or cut short"};
}

// A full chunk that is authentic as the other kind - the last one, with something behind it, or not
// the last one, with nothing behind it - is text that the sender sealed at that place: it leaves,
// and the payload is damaged behind it. That is how age itself reads.
Outcome open_batch(crypto::Aead& aead, Batch& batch) {
  for (std::size_t i = 0; i < batch.chunks; ++i) {
    const std::uint64_t chunk = batch.first_chunk() + i;
    const Last last = batch.chunk_last(i);
    const base::MutableByteView text = batch.chunk_text(i);
    if (open_chunk(aead, chunk, last, text, batch.tags[i])) continue;
    const Last other = last == Last::yes ? Last::no : Last::yes;
    const bool opens =
        text.size() == kChunkSize && open_chunk(aead, chunk, other, text, batch.tags[i]);
    return {.chunks = opens ? i + 1 : i, .error = damaged()};
  }
  return {.chunks = batch.chunks, .error = {}};
}

}  // namespace

base::Result<OpenSummary> open_payload(Pipeline& pipeline, const FileKey& file_key,
                                       const PayloadNonce& nonce, Source& source, Sink& sink,
                                       const PayloadOptions& options) {
  const PayloadKey key = derive_payload_key(file_key, nonce);
  const internal::Job job{.source = source,
                          .sink = sink,
                          .key = key,
                          .input = internal::Form::sealed,
                          .output = internal::Form::text,
                          .transform = open_batch,
                          .before_release = {},
                          .progress = options.progress,
                          .cut_short = damaged()};
  SEALIFT_TRY(const std::uint64_t text_size, pipeline.engine().run(job));
  return OpenSummary{.text_size = text_size};
}

}  // namespace sealift::age
