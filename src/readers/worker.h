// The sandboxed side: answers requests on a socket until the parent closes it.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// Locks the process down, proves it, says ready, and serves. Gives the exit status: 0 when the
// parent went away, 3 when the sandbox does not hold.
int serve_requests(int socket, const Means& means);

// CPU time of this process, for Means.
std::chrono::nanoseconds process_cpu_time();

}  // namespace sealift::readers
