// What readers of tables, forms, prose and mails share: the tools they look with, and the list of
// records of one file that they add to.
//
// One Reading per file, used by one thread; the tools are immutable and shared.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "census/detect/text_detector.h"
#include "census/kinds/dates.h"
#include "census/names/models.h"
#include "census/records/record.h"

namespace sealift::census {

struct ReadingTools {
  const Models& models;
  const TextDetector& detector;
  DateHint dates;  // as_of bounds birth dates and two-digit years
  std::string region = "CA-ON";
};

// The records of one file while it is read. A long file settles as it goes: what nobody will look
// at again can be taken away, and memory holds the rest alone.
class RecordList {
 public:
  // Adds records that relate to each other by their position in `group`; gives the first's ordinal.
  std::uint32_t add(std::vector<Record> group);

  // One that has not settled.
  Record& operator[](std::uint32_t ordinal);

  // The records from `first` on, those that have not settled yet, will not be changed or read
  // again.
  void settle(std::uint32_t first);
  std::size_t settled() const { return settled_.size(); }
  std::vector<Record> take_settled() { return std::exchange(settled_, {}); }

  // All that was not taken, by ordinal.
  std::vector<Record> take();
  // How many were added, taken or not.
  std::uint32_t size() const { return size_; }

 private:
  std::vector<Record> open_;  // by ordinal, with gaps
  std::vector<Record> settled_;
  std::uint32_t size_ = 0;
};

}  // namespace sealift::census
