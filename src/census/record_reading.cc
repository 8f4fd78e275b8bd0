#include "census/record_reading.h"

namespace sealift::census {

std::uint32_t RecordList::add(std::vector<Record> group) {
  const std::uint32_t first = size();
  for (Record& record : group) {
    record.ordinal = size();
    for (Relation& relation : record.relations) relation.other += first;
    records_.push_back(std::move(record));
  }
  return first;
}

}  // namespace sealift::census
