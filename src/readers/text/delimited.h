// Delimited tables (CSV, TSV and their relatives): which delimiter, if any, and the rows.
//
//   row   := cell (delimiter cell)* line_end        a line end inside quotes belongs to the cell
//   cell  := quote (any | quote quote)* quote | any*
//
// Real files bend this: a quote inside an unquoted cell is a character, text after a closing quote
// is kept, an unclosed quote ends at a limit, lines before the table are rows of one cell.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::readers {

struct Delimiter {
  char separator = ',';
  bool quoted = true;  // double quotes mean something
};

// Judges the first lines of a text. nullopt: it is not a table.
std::optional<Delimiter> find_delimiter(std::string_view text);

class DelimitedParser {
 public:
  // Number of the row in the table, from 1, and its cells.
  using OnRow = std::function<void(std::uint64_t number, std::vector<std::string> row)>;

  DelimitedParser(Delimiter delimiter, OnRow on_row)
      : delimiter_(delimiter), on_row_(std::move(on_row)) {}

  // Text in pieces that end anywhere.
  void feed(std::string_view text);
  // The last row, where no line end follows it.
  void finish();

 private:
  enum class State { cell_start, plain, quoted, quote_in_quoted };
  void end_cell();
  void end_row();
  std::size_t plain_run(std::string_view text, std::size_t at) const;
  void step(char c);

  Delimiter delimiter_;
  OnRow on_row_;
  State state_ = State::cell_start;
  bool after_cr_ = false;
  std::uint64_t row_number_ = 1;
  std::string cell_;
  std::vector<std::string> row_;
};

}  // namespace sealift::readers
