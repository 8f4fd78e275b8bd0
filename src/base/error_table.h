// The one table from error code to what programs see of it. What people read is in
// data/errors/refusals.json, where each code has a row of its name (base/refusal.h).
#pragma once

#include <string_view>

#include "base/result.h"

namespace sealift::base {

struct ErrorRow {
  ErrorCode code;
  std::string_view name;  // in JSON and logs; never rename
  int exit_status;        // of the command line: 1 failed, 2 wrong usage
  int http_status;        // of the server's API
};

// The row of a code. Every code has one.
const ErrorRow& error_row(ErrorCode code);

}  // namespace sealift::base
