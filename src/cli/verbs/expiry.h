// `sealift expiry`: how long a parcel that was sent stays.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_expiry(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kExpiryVerb{
    "expiry",
    "let a parcel expire sooner or later",
    "usage: sealift expiry PARCEL TIME [--json]\n"
    "\n"
    "TIME counts from now: a number and m, h, d, w or y; 7d. The policy limits how long a parcel "
    "may\n"
    "stay, counted from when it was sent. Links that last as long as the parcel go with it.\n",
    run_expiry,
    false,
    ProfileUse::reads};
static_assert(names_duration_units(kExpiryVerb.usage));

}  // namespace sealift::cli
