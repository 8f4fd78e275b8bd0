// Times as people and programs both read them.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/refusal.h"

namespace sealift::cli {

// RFC 3339, in UTC, to the second: 2026-03-07T09:30:00Z.
std::string time_text(base::UnixTime time);

// Says on standard error that the two clocks are more than a few minutes apart. Nothing depends on
// it within a day; who reads times or signs them should know.
void warn_of_clock(base::UnixTime server, base::UnixTime here, base::Language language);

}  // namespace sealift::cli
