// Times as people and programs both read them.
#pragma once

#include <string>

#include "base/clock.h"

namespace sealift::cli {

// RFC 3339, in UTC, to the second: 2026-03-07T09:30:00Z.
std::string time_text(base::UnixTime time);

}  // namespace sealift::cli
