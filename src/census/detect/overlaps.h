// From all that detectors found to what is reported: candidates confirmed or dropped, clashes
// settled.
#pragma once

#include <vector>

#include "census/kinds/finding.h"

namespace sealift::census::internal {

// Raises candidates (below kConfidenceMin) that stand among a person's other data, drops the
// others, then lets the more certain of two findings that overlap win. Sorted by begin.
std::vector<Finding> resolve(std::vector<Finding> found);

}  // namespace sealift::census::internal
