#include "census/records/record_reading.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace sealift::census {

std::uint32_t RecordList::add(std::vector<Record> group) {
  const std::uint32_t first = size_;
  for (Record& record : group) {
    record.ordinal = size_++;
    for (Relation& relation : record.relations) relation.other += first;
    open_.push_back(std::move(record));
  }
  return first;
}

Record& RecordList::operator[](std::uint32_t ordinal) {
  const auto found = std::ranges::lower_bound(open_, ordinal, {}, &Record::ordinal);
  SEALIFT_CHECK(found != open_.end() && found->ordinal == ordinal);
  return *found;
}

void RecordList::settle(std::uint32_t first) {
  const auto begin = std::ranges::lower_bound(open_, first, {}, &Record::ordinal);
  std::move(begin, open_.end(), std::back_inserter(settled_));
  open_.erase(begin, open_.end());
}

std::vector<Record> RecordList::take() {
  settle(0);
  std::ranges::sort(settled_, {}, &Record::ordinal);
  return take_settled();
}

}  // namespace sealift::census
