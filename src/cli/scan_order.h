// In which order a scan reads: a look at small files from all over the pile, then the rest, largest
// first.
//
// The look names people within seconds and tells the estimate what each kind costs; the largest
// first lets all jobs end together. The order never changes what a scan finds. Pure function.
#pragma once

#include <vector>

#include "extract/pool.h"

namespace sealift::cli {

// `files` in the order of their paths.
std::vector<extract::InputFile> in_scan_order(std::vector<extract::InputFile> files);

// The end of the name, "csv", lower case: a hint at what reading costs, and at nothing else.
std::string cost_hint(const std::string& path);

}  // namespace sealift::cli
