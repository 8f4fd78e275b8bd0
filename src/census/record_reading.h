// What readers of tables, forms, prose and mails share: the tools they look with, and the list of
// records of one file that they add to.
//
// One Reading per file, used by one thread; the tools are immutable and shared.
#pragma once

#include <string>
#include <vector>

#include "census/dates.h"
#include "census/models.h"
#include "census/record.h"
#include "census/text_detector.h"

namespace sealift::census {

struct ReadingTools {
  const Models& models;
  const TextDetector& detector;
  DateHint dates;  // as_of bounds birth dates and two-digit years
  std::string region = "CA-ON";
};

class RecordList {
 public:
  // Adds records that relate to each other by their position in `group`; gives the first's ordinal.
  std::uint32_t add(std::vector<Record> group);

  Record& operator[](std::uint32_t ordinal) { return records_[ordinal]; }
  const std::vector<Record>& all() const { return records_; }
  std::vector<Record> take() { return std::move(records_); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(records_.size()); }

 private:
  std::vector<Record> records_;
};

}  // namespace sealift::census
