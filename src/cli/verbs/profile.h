// `sealift profile`: several servers or accounts on one machine.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_profile(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kProfileVerb{
    "profile", "list and choose profiles: several servers or accounts on one machine",
    "usage: sealift profile list [--json]\n"
    "       sealift profile use NAME\n"
    "       sealift profile remove NAME\n"
    "\n"
    "A profile has its own login, keys and memory of its server. The first one is called default.\n"
    "`sealift login URL --account ADDRESS --profile NAME` makes another one. Every verb that uses "
    "a\n"
    "server takes --profile NAME; without it $SEALIFT_PROFILE counts, then what `use` chose.\n"
    "\n"
    "`remove` forgets what the profile knows of its server, the keys of correspondents included.\n"
    "It needs a profile that is logged out.\n",
    run_profile};

}  // namespace sealift::cli
