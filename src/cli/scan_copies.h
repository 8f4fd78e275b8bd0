// Identical files of a pile: read once, and shown at all their places.
//
// Files of one size are compared by SHA-256; what can't be opened is left to the reader, who says
// why. One thread.
#pragma once

#include <vector>

#include "census/case/case.h"
#include "extract/pool.h"

namespace sealift::cli {

// Takes out of `files` what another of them is the same as; of those that are the same the first
// by path stays. Copies are in the order of their paths.
std::vector<census::CaseCopy> take_copies(std::vector<extract::InputFile>& files);

}  // namespace sealift::cli
