// The cage of a process that parses hostile bytes.
//
// After lock_down() the process can read what it holds open, write to what it holds open, take
// memory up to a limit, and end. It cannot open a file, reach a network, start a program or
// thread, map code, or gain a right. Two independent locks where the kernel has both: seccomp
// refuses the calls, Landlock refuses the file system. The limits are the kernel's too.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace sealift::extract {

struct SandboxLimits {
  std::uint64_t memory_bytes_max = 0;
};

// Locks this process for good. Call before any thread starts. Errors: unsupported.
base::Result<void> lock_down(const SandboxLimits& limits);

// Tries what must fail: open, create, socket, fork, exec, executable memory. Errors: internal, with
// what was possible after all; the process must end then.
base::Result<void> prove_denials();

}  // namespace sealift::extract
