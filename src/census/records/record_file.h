// From a file's events to its records: the door between reading bytes and knowing people.
//
// FileReader receives the events of one top-level file and of everything nested in it, and gives
// one FileRecords for each, in the order in which they end; of long files, parts before their end.
// Used by one thread; the tools are shared.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "census/records/record_prose.h"
#include "census/records/record_reading.h"
#include "census/records/table_reader.h"
#include "document/document.h"

namespace sealift::census {

// The reason of a file whose pictures of text the first pass left for the second.
inline constexpr std::string_view kWaitsForScans = "pictures of text wait for recognition";

struct FileRecords {
  std::string path;
  std::string format;
  std::uint64_t size_bytes = 0;
  document::FileStatus status = document::FileStatus::read;
  std::string reason;
  std::string dated;  // ISO: a mail's date; "" for none
  std::vector<Record> records;
  bool ended = true;  // false: a part of it, and status, reason and date are not known yet
};

class FileReader : public document::Sink {
 public:
  // Borrows the tools, which outlive the reader.
  explicit FileReader(const ReadingTools& tools);
  ~FileReader() override;

  void begin_file(document::FileBegin file) override;
  void text(document::Text text) override;
  void table_rows(document::TableRows rows) override;
  void mail_header(document::MailHeader header) override;
  void card(document::Card card) override;
  void end_file(document::FileEnd end) override;

  // What has ended so far; given away once.
  std::vector<FileRecords> take();

  // How many records nothing will change any more, and the files and parts of files that have
  // them: so that a long file need not be held as a whole. Each is given away once.
  std::size_t settled() const;
  std::vector<FileRecords> take_settled();

 private:
  class Open;  // a file that has begun and not ended

  const ReadingTools& tools_;
  std::vector<std::unique_ptr<Open>> open_;
  std::vector<FileRecords> done_;
  std::size_t done_records_ = 0;
};

}  // namespace sealift::census
