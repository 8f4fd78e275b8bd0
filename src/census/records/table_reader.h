// Tables to records: each row of a section, and each form, becomes the people in it.
//
// Lines of running text within a table (titles, notes) come back for the prose reader. A table may
// come in pieces; the columns found in one piece hold for the next. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "census/records/form_fields.h"
#include "census/records/record_reading.h"
#include "census/structure/table_columns.h"
#include "census/structure/table_shape.h"
#include "document/document.h"

namespace sealift::census {

struct LooseLine {
  std::string text;
  std::string locator;
};

class TableReader {
 public:
  // Borrows both, which outlive the reader.
  TableReader(const ReadingTools& tools, RecordList& records) : tools_(tools), records_(records) {}

  // The next piece of a table; all of it when tables are small.
  void read(const document::TableRows& piece);
  // The pieces that follow were read by OCR, or not.
  void set_recognised(bool recognised) { recognised_ = recognised; }

  // Titles and other lines, in order; given away once.
  std::vector<LooseLine> take_loose_lines() { return std::move(loose_); }
  // Ordinals of records made from forms, not rows: what the file as a whole is about.
  const std::vector<std::uint32_t>& form_records() const { return form_records_; }

 private:
  struct Section;
  void read_form(const TableShape& shape, const document::TableRows& piece);
  void read_labelled_cells(document::TableRows& piece);
  void add_form(const std::vector<FieldValue>& fields, const FieldContext& context);
  void read_section(const TableSection& section, const std::vector<Column>& columns,
                    const document::TableRows& piece);
  void read_prose_cells(const TableSection& section, const std::vector<Column>& columns,
                        const document::TableRows& piece, std::size_t row, std::uint32_t record);
  FieldContext context_of(const TableSection& section, const std::vector<Column>& columns) const;

  const ReadingTools& tools_;
  RecordList& records_;
  bool recognised_ = false;
  std::vector<LooseLine> loose_;
  std::vector<std::uint32_t> form_records_;
  std::uint32_t last_table_ = 0;
  std::vector<Column> last_columns_;
  TableSection last_section_;
};

}  // namespace sealift::census
