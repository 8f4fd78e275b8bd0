// The table of verbs: what `sealift` can do.
#pragma once

#include <span>

#include "cli/verb.h"

namespace sealift {

// All verbs, in the order in which help shows them.
std::span<const cli::Verb> verbs();

}  // namespace sealift
