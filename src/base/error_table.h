// The one table from error code to what the outside sees of it.
#pragma once

#include <string_view>

#include "base/result.h"

namespace sealift::base {

struct ErrorRow {
  ErrorCode code;
  std::string_view name;      // in JSON and logs; never rename
  int exit_status;            // of the command line: 1 failed, 2 wrong usage
  int http_status;            // of the server's API
  std::string_view sentence;  // for people, when nothing more precise is known
};

// The row of a code. Every code has one.
const ErrorRow& error_row(ErrorCode code);

}  // namespace sealift::base
