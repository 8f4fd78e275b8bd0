// Opening a whole age file, armored or not. Not for programs that must not open.
#pragma once

#include <span>

#include "age/format/failure.h"
#include "age/format/payload_io.h"
#include "age/open/open_identity.h"
#include "age/open/open_payload.h"
#include "age/payload/sealed_file.h"

namespace sealift::age {

// Writes the text of `file` to `sink`. On failure, what was written is a verified beginning of the
// text, and not the text (age/open/open_payload.h). Failures: all of age/format/failure.h.
OpenResult<OpenSummary> open_file(Pipeline& pipeline, std::span<const Identity> identities,
                                  Source& file, Sink& sink,
                                  ArmorRule armor_rule = ArmorRule::detect,
                                  const PayloadOptions& options = {});

}  // namespace sealift::age
