// Sealing a whole file: header, payload, and armor where it is asked for.
#pragma once

#include <span>

#include "age/format/payload_io.h"
#include "age/keys/recipient.h"
#include "age/payload/pipeline.h"
#include "age/seal/seal_payload.h"
#include "crypto/random.h"

namespace sealift::age {

enum class Armor { no, yes };

// Seals `text` to `recipients` under a new file key. After an error `sink` holds the beginning of
// a file, which does not open. Errors: those of seal_header() and seal_payload().
base::Result<SealSummary> seal_file(Pipeline& pipeline, std::span<const Recipient> recipients,
                                    crypto::Random& random, Source& text, Sink& sink,
                                    Armor armor = Armor::no, const PayloadOptions& options = {});

}  // namespace sealift::age
