#include "age/seal/seal_payload.h"

#include "age/payload/engine.h"
#include "age/seal/seal_batch.h"

namespace sealift::age {

base::Result<SealSummary> seal_payload(Pipeline& pipeline, const FileKey& file_key,
                                       crypto::Random& random, Source& source, Sink& sink,
                                       const PayloadOptions& options) {
  const PayloadNonce nonce = random.array<kPayloadNonceSize>();
  const PayloadKey key = derive_payload_key(file_key, nonce);
  const base::ByteView head(nonce);
  SEALIFT_TRY_VOID(sink.write({&head, 1}));
  const internal::Job job{.source = source,
                          .sink = sink,
                          .key = key,
                          .input = internal::Form::text,
                          .output = internal::Form::sealed,
                          .transform = internal::seal_batch,
                          .before_release = {},
                          .progress = options.progress,
                          .cut_short = {}};
  SEALIFT_TRY(const std::uint64_t text_size, pipeline.engine().run(job));
  return SealSummary{.text_size = text_size,
                     .payload_size = kPayloadNonceSize + sealed_size(text_size)};
}

}  // namespace sealift::age
