// Putting into a case: the statements that are asked for each record, prepared once.
//
// A part of case.h for its own sources alone. Not thread-safe.
#pragma once

#include "census/case/case.h"

namespace sealift::census {

// `scans_done` of a top-level file whose reading has begun and not ended: it will be read again.
inline constexpr std::int64_t kBeingRead = -1;

// A record's id: its file's, and its ordinal in the low 32 bits. So the records of a file stand
// together and in order, and need no index besides.
constexpr std::int64_t first_record_id(std::int64_t file) { return file << 32; }
constexpr std::int64_t last_record_id(std::int64_t file) { return (file << 32) + 0xFFFFFFFF; }
constexpr std::int64_t file_of_record(std::int64_t record) { return record >> 32; }
constexpr std::uint32_t ordinal_of_record(std::int64_t record) {
  return static_cast<std::uint32_t>(record & 0xFFFFFFFF);
}

struct CaseStatements {
  Statement add_file, end_file, scanned_file, next_ordinal;
  Statement add_record;
  base::Bytes content;  // of the record that is being put

  static base::Result<CaseStatements> prepare(Database& database);
};

}  // namespace sealift::census
