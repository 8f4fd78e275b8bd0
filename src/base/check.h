// SEALIFT_CHECK(condition): stops the process when our own code is wrong.
//
// Always compiled in. For broken preconditions and impossible states only: bytes from a network, a
// disk or a person are judged with Result<T> (base/result.h), and no input reaches a check.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sealift::base {

// Prints where, never a value: the message may end in a log, and values may be somebody's.
[[noreturn]] inline void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "sealift: internal error: %s at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace sealift::base

#define SEALIFT_CHECK(condition)      \
  ((condition) ? static_cast<void>(0) \
               : ::sealift::base::check_failed(#condition, __FILE__, __LINE__))
