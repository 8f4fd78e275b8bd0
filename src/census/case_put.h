// Putting into a case: the statements that are asked for each record, prepared once.
//
// A part of case.h for its own sources alone. Not thread-safe.
#pragma once

#include "census/case.h"

namespace sealift::census {

// `scans_done` of a top-level file whose reading has begun and not ended: it will be read again.
inline constexpr std::int64_t kBeingRead = -1;

struct CaseStatements {
  Statement add_file, end_file, scanned_file, next_ordinal;
  Statement add_record, add_element, add_relation;

  static base::Result<CaseStatements> prepare(Database& database);
};

}  // namespace sealift::census
