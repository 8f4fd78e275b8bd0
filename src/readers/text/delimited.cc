#include "readers/text/delimited.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/limits.h"

namespace sealift::readers {
namespace {

constexpr std::size_t kSampleSize = std::size_t{64} << 10;
constexpr std::size_t kSampleRowsMax = 200;
// An unclosed quote must not swallow the rest of a file.
constexpr std::size_t kQuotedCellSizeMax = std::size_t{64} << 10;

struct Shape {
  std::size_t columns = 0;      // of most rows
  std::size_t agreeing = 0;     // rows that have them
  std::size_t rows = 0;         // from the first agreeing row on
  std::size_t cell_bytes = 0;   // of agreeing rows
  std::size_t after_space = 0;  // cells that start with a space
  std::size_t cells = 0;
};

using Rows = std::vector<std::vector<std::string>>;

Rows sample_rows(std::string_view text, Delimiter delimiter) {
  Rows rows;
  DelimitedParser parser(delimiter, [&](std::uint64_t, std::vector<std::string> row) {
    if (rows.size() < kSampleRowsMax) rows.push_back(std::move(row));
  });
  parser.feed(text);
  parser.finish();
  return rows;
}

bool is_blank(const std::vector<std::string>& row) {
  return row.size() == 1 && row[0].find_first_not_of(" \t") == std::string::npos;
}

Shape shape_of(const Rows& rows) {
  std::map<std::size_t, std::size_t> counts;
  for (const auto& row : rows) {
    if (row.size() > 1) ++counts[row.size()];
  }
  Shape shape;
  for (const auto& [columns, count] : counts) {
    if (count * columns > shape.agreeing * shape.columns) shape = {columns, count};
  }
  bool started = false;
  for (const auto& row : rows) {
    const bool agrees = row.size() == shape.columns;
    started = started || agrees;
    if (!started || is_blank(row)) continue;
    ++shape.rows;
    if (!agrees) continue;
    for (const std::string& cell : row) {
      ++shape.cells;
      shape.cell_bytes += cell.size();
      shape.after_space += cell.starts_with(' ') ? 1 : 0;
    }
  }
  return shape;
}

// Words alone over a column of figures in every row: "Student,DOB" over names and dates.
bool has_header_over_figures(const Rows& rows, std::size_t columns) {
  constexpr std::size_t kRowsMin = 3;
  constexpr std::ptrdiff_t kDigitsMin = 4;
  const auto digits = [](const std::string& cell) {
    return std::ranges::count_if(cell, [](char c) { return c >= '0' && c <= '9'; });
  };
  std::size_t full = 0;
  std::vector<std::size_t> figures(columns);
  for (const auto& row : rows) {
    if (is_blank(row)) continue;
    if (row.size() != columns) return false;
    if (full++ == 0 && std::ranges::any_of(
                           row, [&](const auto& cell) { return digits(cell) > 0 || cell.empty(); }))
      return false;
    for (std::size_t i = 0; i < columns; ++i) figures[i] += digits(row[i]) >= kDigitsMin ? 1 : 0;
  }
  return full >= kRowsMin && std::ranges::find(figures, full - 1) != figures.end();
}

// Prose has commas too: the fewer columns, the more the rows must agree.
bool is_table(const Shape& shape, char separator, const Rows& rows) {
  if (shape.agreeing < 2 || shape.columns < 2) return false;
  const double agreement = static_cast<double>(shape.agreeing) / static_cast<double>(shape.rows);
  const double cell_size = static_cast<double>(shape.cell_bytes) / static_cast<double>(shape.cells);
  const bool spaced = separator == ',' && shape.after_space * 3 > shape.cells;
  if (shape.columns == 2) {
    const std::size_t rows_min = separator == '\t' ? 3 : 5;
    const bool enough = shape.agreeing >= rows_min || has_header_over_figures(rows, shape.columns);
    return enough && agreement > 0.95 && cell_size < 60 && !spaced;
  }
  if (shape.columns <= 4) return agreement > 0.8 && cell_size < 120 && !spaced;
  return agreement > 0.5;
}

}  // namespace

std::optional<Delimiter> find_delimiter(std::string_view text) {
  text = text.substr(0, kSampleSize);
  if (const std::size_t end = text.rfind('\n'); text.size() == kSampleSize && end != text.npos) {
    text = text.substr(0, end + 1);
  }
  std::optional<Delimiter> best;
  double best_score = 0;
  for (const char separator : {',', ';', '\t', '|', '^', '~'}) {
    if (text.find(separator) == std::string_view::npos) continue;
    // Without quotes only where that makes more sense: a quote that is never closed, say.
    double agreement_quoted = 0;
    for (const bool quoted : {true, false}) {
      const Delimiter delimiter{separator, quoted};
      const Rows rows = sample_rows(text, delimiter);
      const Shape shape = shape_of(rows);
      if (!is_table(shape, separator, rows)) continue;
      const double agreement =
          static_cast<double>(shape.agreeing) / static_cast<double>(shape.rows);
      // "Girard, Amanda" taken apart makes more columns, and no more sense.
      if (!quoted && agreement_quoted >= agreement * 0.8) continue;
      if (quoted) agreement_quoted = agreement;
      const double score =
          agreement * static_cast<double>(std::min<std::size_t>(shape.columns, 12));
      if (score <= best_score) continue;
      best = delimiter;
      best_score = score;
    }
  }
  return best;
}

void DelimitedParser::feed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (state_ == State::plain || state_ == State::quoted) {
      const std::size_t end = plain_run(text, at);
      cell_.append(text, at, end - at);
      at = end;
      if (at == text.size()) break;
    }
    step(text[at++]);
  }
}

// End of the characters that mean themselves where the parser stands.
std::size_t DelimitedParser::plain_run(std::string_view text, std::size_t at) const {
  if (state_ == State::quoted) {
    const std::size_t room = kQuotedCellSizeMax - std::min(cell_.size(), kQuotedCellSizeMax);
    return std::min({text.find('"', at), at + room, text.size()});
  }
  while (at < text.size()) {
    const char c = text[at];
    if (c == delimiter_.separator || c == '\n' || c == '\r') break;
    ++at;
  }
  return at;
}

void DelimitedParser::step(char c) {
  const bool second_half = after_cr_ && c == '\n';
  after_cr_ = false;
  if (second_half && state_ == State::cell_start && row_.empty()) return;
  switch (state_) {
    case State::cell_start:
      if (delimiter_.quoted && c == '"') {
        state_ = State::quoted;
        return;
      }
      state_ = State::plain;
      break;
    case State::plain:
      break;
    case State::quoted:
      if (c == '"') {
        state_ = State::quote_in_quoted;
        return;
      }
      if (cell_.size() < kQuotedCellSizeMax) {
        cell_ += c;
        return;
      }
      state_ = State::plain;
      break;
    case State::quote_in_quoted:
      state_ = c == '"' ? State::quoted : State::plain;
      if (c == '"') {
        cell_ += c;
        return;
      }
      break;
  }
  if (c == delimiter_.separator) return end_cell();
  if (c == '\n' || c == '\r') {
    end_row();
    after_cr_ = c == '\r';
    return;
  }
  cell_ += c;
}

void DelimitedParser::end_cell() {
  state_ = State::cell_start;
  if (row_.size() < limits::kRowCellsMax) row_.push_back(std::move(cell_));
  cell_.clear();
}

void DelimitedParser::end_row() {
  const std::size_t columns = row_.size() + 1;
  end_cell();
  on_row_(row_number_++, std::exchange(row_, {}));
  row_.reserve(std::min(columns, limits::kRowCellsMax));
}

void DelimitedParser::finish() {
  if (state_ != State::cell_start || !row_.empty()) end_row();
}

}  // namespace sealift::readers
