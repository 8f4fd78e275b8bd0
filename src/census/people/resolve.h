// Resolving: which records are the same person's.
//
//   1. Records that say the same are one node (resolve_features.h).
//   2. Pairs worth looking at are scored (resolve_blocks.h, resolve_score.h).
//   3. The strongest agreements join first. Two groups join only when nothing in the one is vetoed
//   by
//      anything in the other, so a chain of likenesses never joins two people.
//   4. Groups that agree in nothing but a rare full name join when no third group could be meant.
//
// The result depends on the records and decisions alone: neither on their order of arrival nor on
// the number of threads. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "census/people/resolve_doubts.h"
#include "census/people/resolve_features.h"
#include "census/people/resolve_score.h"
#include "census/records/record.h"

namespace sealift::census {

// Why two records are one person's. Records are numbers in canonical order.
struct Merge {
  std::uint32_t record_a = 0;
  std::uint32_t record_b = 0;
  float bits = 0;
  std::uint16_t grounds = 0;  // set of Ground

  bool operator==(const Merge&) const = default;
};

struct Resolution {
  std::vector<std::uint32_t> person_of_record;  // 0, 1, ... by each person's first record
  std::uint32_t people = 0;
  std::vector<Merge>
      merges;  // those that were made, strongest first; copies of one record have none
  CaseDoubts doubts;
};

struct ResolveOptions {
  unsigned jobs = 1;
};

class Resolver {
 public:
  // Somebody's judgement of two records: it outweighs everything. Call before the records are
  // added.
  void decide_together(const RecordKey& a, const RecordKey& b);
  void decide_apart(const RecordKey& a, const RecordKey& b);

  // Records in canonical order: by path, then ordinal.
  void add(const Record& record);

  Resolution resolve(const ResolveOptions& options = {}) const;

 private:
  std::uint32_t record_at(const RecordKey& key) const;

  FeatureTable table_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> apart_;  // records
  std::vector<std::pair<RecordKey, RecordKey>> decided_together_, decided_apart_;
  std::vector<std::pair<RecordKey, std::uint32_t>> decided_records_;
  std::string file_;
  std::uint32_t file_begin_ = 0, records_ = 0;
  // Of the current file: later record of a pair -> earlier one.
  std::unordered_multimap<std::uint32_t, std::uint32_t> awaited_;
};

}  // namespace sealift::census
