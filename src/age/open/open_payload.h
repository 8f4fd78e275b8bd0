// Opening a whole payload, on all the threads of a Pipeline, in constant memory.
//
// Text leaves in order, and only text whose chunk was verified. When chunk k is not authentic,
// exactly the chunks before k have left; when something follows the last chunk, or the payload
// stops after a chunk that is not the last, all authentic ones have. That is a prefix of a text and
// not the text: a caller that writes a file gives it its name after success only
// (base/atomic_file.h).
#pragma once

#include "age/format/payload_io.h"
#include "age/format/stream.h"
#include "age/payload/pipeline.h"

namespace sealift::age {

struct OpenSummary {
  std::uint64_t text_size;  // bytes that were written
};

// Reads the chunks that follow the payload's nonce from `source`, to its end.
// Errors: damaged (changed, cut short, or something behind the last chunk); io and whatever the
// source and sink give; conflict when the source shrank meanwhile.
base::Result<OpenSummary> open_payload(Pipeline& pipeline, const FileKey& file_key,
                                       const PayloadNonce& nonce, Source& source, Sink& sink,
                                       const PayloadOptions& options = {});

}  // namespace sealift::age
