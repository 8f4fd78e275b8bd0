// Sealing that can be continued: in another process, after a crash, after the network went away.
//
// The source is read from its beginning each time. A batch that the journal has a record of must
// come out as it did then, or the sealing ends with `conflict` before a byte of it, or of anything
// behind it, has left: the source was changed, cut or extended, and its sealing starts again with a
// new file key and a new journal. A batch without a record gets one before it leaves. So at no time
// do two texts leave as the same chunk under one key, whatever happens to process and source, and
// even when the source changes while it is read.
//
// A payload that was complete stays what it was: its last batch's record says that it is the last.
#pragma once

#include "age/seal/seal_journal.h"
#include "age/seal/seal_payload.h"

namespace sealift::age {

// Where the receiver's copy ends: bytes of the payload (nonce and chunks) that it holds.
struct Received {
  std::uint64_t payload_bytes = 0;
};

// Writes to `sink` the payload from byte `received` on.
// Errors: conflict (the source is not the one that the journal knows; or the receiver holds more
// than the journal knows, so that the journal is an old one); those of seal_payload() and of the
// journal.
base::Result<SealSummary> seal_payload_journaled(Pipeline& pipeline, const FileKey& file_key,
                                                 SealJournal& journal, Received received,
                                                 Source& source, Sink& sink,
                                                 const PayloadOptions& options = {});

}  // namespace sealift::age
