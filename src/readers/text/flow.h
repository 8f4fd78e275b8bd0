// Flow: running text and tables in the order of a document, as word processors write them.
//
// Paragraphs gather into one text; a table interrupts it. Tables may stand in cells of others: the
// inner one is handed on as a table of its own, and its text also stays in the cell that holds it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "readers/context.h"

namespace sealift::readers {

class Flow {
 public:
  Flow(Context& context, document::Place place, document::TextRole role)
      : context_(context), place_(std::move(place)), role_(role) {}
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;
  ~Flow() { finish(); }

  // Where characters go now: the cell that is open, else the text.
  std::string& out();
  void end_paragraph();  // a line end, unless the line is empty

  void begin_table();
  void begin_row();
  void begin_cell();
  // Ends the cell; it covers `columns` columns.
  void end_cell(std::size_t columns = 1);
  void end_row();
  void end_table();
  bool in_table() const { return !tables_.empty(); }

  // Hands on what is gathered. What is still open is closed.
  void finish();

 private:
  struct Table {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row;
    std::string cell;
    bool in_row = false;
    bool in_cell = false;
  };
  void flush_text();
  void hand_on(Table table);

  Context& context_;
  document::Place place_;
  document::TextRole role_;
  std::string text_;
  std::uint32_t first_line_ = 1;
  std::vector<Table> tables_;
};

}  // namespace sealift::readers
