// `sealift version`
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_version(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kVersionVerb{"version", "print the version",
                                   "usage: sealift version [--json]\n"
                                   "\n"
                                   "Prints the version of Sealift.\n",
                                   run_version};

}  // namespace sealift::cli
