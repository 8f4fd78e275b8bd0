#include "readers/text/flow.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::readers {
namespace {

constexpr std::size_t kNestedTablesMax = 32;

void trim(std::string& text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  text.resize(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(" \t\r\n"));
}

}  // namespace

std::string& Flow::out() {
  if (tables_.empty() || !tables_.back().in_cell) return text_;
  return tables_.back().cell;
}

void Flow::end_paragraph() {
  std::string& to = out();
  if (!to.empty() && to.back() != '\n') to += '\n';
  if (&to == &text_ && text_.size() >= limits::kTextPieceSizeMax / 2) flush_text();
}

void Flow::begin_table() {
  if (tables_.size() >= kNestedTablesMax) return;
  end_paragraph();
  tables_.emplace_back();
}

void Flow::begin_row() {
  if (tables_.empty()) return;
  if (tables_.back().in_row) end_row();
  tables_.back().in_row = true;
}

void Flow::begin_cell() {
  if (tables_.empty()) return;
  if (tables_.back().in_cell) end_cell();
  tables_.back().in_row = true;
  tables_.back().in_cell = true;
}

void Flow::end_cell(std::size_t columns) {
  if (tables_.empty() || !tables_.back().in_cell) return;
  Table& table = tables_.back();
  trim(table.cell);
  table.row.push_back(std::exchange(table.cell, {}));
  const std::size_t width = std::min(table.row.size() + columns - 1, limits::kRowCellsMax);
  if (columns > 1 && width > table.row.size()) table.row.resize(width);
  table.in_cell = false;
}

void Flow::end_row() {
  if (tables_.empty()) return;
  Table& table = tables_.back();
  if (table.in_cell) end_cell();
  if (table.in_row) table.rows.push_back(std::exchange(table.row, {}));
  table.in_row = false;
}

void Flow::end_table() {
  if (tables_.empty()) return;
  end_row();
  Table table = std::move(tables_.back());
  tables_.pop_back();
  if (!tables_.empty()) {
    for (const auto& row : table.rows) {
      for (const std::string& cell : row) {
        if (!cell.empty()) out() += cell + '\t';
      }
      out() += '\n';
    }
  }
  hand_on(std::move(table));
}

// A table of one cell is a frame around text.
void Flow::hand_on(Table table) {
  const bool one_cell = table.rows.size() == 1 && table.rows[0].size() == 1;
  if (one_cell || table.rows.empty()) {
    if (tables_.empty() && one_cell) text_ += table.rows[0][0] + '\n';
    return;
  }
  flush_text();
  TableWriter writer(context_, place_);
  for (auto& row : table.rows) writer.add(std::move(row));
}

void Flow::flush_text() {
  context_.text(place_, text_, role_, first_line_);
  first_line_ += static_cast<std::uint32_t>(std::ranges::count(text_, '\n'));
  text_.clear();
}

void Flow::finish() {
  while (!tables_.empty()) end_table();
  flush_text();
}

}  // namespace sealift::readers
