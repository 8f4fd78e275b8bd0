// Sealing a whole payload, on all the threads of a Pipeline, in constant memory.
//
// Each call makes a fresh nonce, so that one file key and one text twice are never sealed under
// one payload key. A sealing that must survive its process, to be continued under the same key,
// goes through a journal: age/seal/seal_resume.h.
#pragma once

#include "age/format/payload_io.h"
#include "age/format/stream.h"
#include "age/payload/pipeline.h"
#include "crypto/random.h"

namespace sealift::age {

struct SealSummary {
  std::uint64_t text_size;     // bytes that were read
  std::uint64_t payload_size;  // bytes that the payload has: nonce and chunks
};

// Writes the payload's nonce and chunks to `sink`. After an error the sink holds the beginning of a
// payload, which does not open as a whole one.
// Errors: io and whatever the source and sink give; conflict when the source shrank meanwhile.
base::Result<SealSummary> seal_payload(Pipeline& pipeline, const FileKey& file_key,
                                       crypto::Random& random, Source& source, Sink& sink,
                                       const PayloadOptions& options = {});

}  // namespace sealift::age
