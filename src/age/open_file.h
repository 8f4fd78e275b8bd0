// Opening a whole age file, armored or not. Not for programs that must not open.
#pragma once

#include <span>

#include "age/failure.h"
#include "age/open_identity.h"
#include "age/open_payload.h"
#include "age/payload_io.h"
#include "age/sealed_file.h"

namespace sealift::age {

// Writes the text of `file` to `sink`. On failure, what was written is a verified beginning of the
// text, and not the text (age/open_payload.h). Failures: all of age/failure.h.
OpenResult<OpenSummary> open_file(Pipeline& pipeline, std::span<const Identity> identities,
                                  Source& file, Sink& sink,
                                  ArmorRule armor_rule = ArmorRule::detect,
                                  const PayloadOptions& options = {});

}  // namespace sealift::age
