// Landlock, as far as the running kernel has it. Debian 12's headers stop at its second version, so
// the later bits and the larger structure are spelled out here (linux/landlock.h of 6.12).
#pragma once

#include "base/result.h"
#include "server/sandbox/sandbox.h"

namespace sealift::server {

// Errors: unsupported, io (a folder of `rights` is not there).
base::Result<void> restrict_by_landlock(const Rights& rights);

// Whether the kernel's Landlock knows TCP, and so restrict_by_landlock() has limited it.
bool landlock_limits_tcp();

}  // namespace sealift::server
