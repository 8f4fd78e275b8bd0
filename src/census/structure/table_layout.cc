#include "census/structure/table_layout.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "census/kinds/text_fold.h"
#include "census/structure/field.h"

namespace sealift::census {
namespace {

struct Cell {
  std::string_view text;
  std::size_t begin = 0, end = 0;  // in characters from the start of the line
};

struct Line {
  std::size_t begin = 0, end = 0;  // bytes
  std::vector<Cell> cells;
  bool blank = true;
};

bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Cells are parted by a tab or two spaces.
std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::size_t column = 0;
  std::size_t spaces = 2;
  std::size_t cell_begins = 0;  // byte
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool continues = is_continuation_byte(c);
    if (continues && cells.empty()) continue;
    if (c == ' ' || c == '\t') {
      spaces += c == '\t' ? 2 : 1;
      column = c == '\t' ? (column / 8 + 1) * 8 : column + 1;
      continue;
    }
    if (!continues) {
      if (spaces >= 2) {
        cells.push_back({{}, column, column});
        cell_begins = i;
      }
      spaces = 0;
      cells.back().end = ++column;
    }
    cells.back().text = line.substr(cell_begins, i + 1 - cell_begins);
  }
  return cells;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Line line{.begin = begin, .end = end, .cells = cells_of(text.substr(begin, end - begin))};
    line.blank = line.cells.empty();
    lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

bool is_label(std::string_view cell) {
  const auto meaning = cell.size() <= 60 ? field_of_header(cell) : std::nullopt;
  return meaning && meaning->confidence >= 0.5;
}

bool is_label_line(const Line& line) {
  std::size_t labels = 0;
  for (const Cell& cell : line.cells) {
    if (std::ranges::count_if(cell.text, is_ascii_digit) > 2) return false;
    labels += is_label(cell.text) ? 1 : 0;
  }
  return labels >= 2 && labels * 2 >= line.cells.size();
}

// The column whose label the cell overlaps most, else the nearest.
std::size_t column_under(const std::vector<Cell>& header, const Cell& cell) {
  std::size_t best = 0;
  long best_score = -1'000'000;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const long begin = static_cast<long>(std::max(header[i].begin, cell.begin));
    const long end = static_cast<long>(std::min(header[i].end, cell.end));
    const long away = std::abs(static_cast<long>(header[i].begin) - static_cast<long>(cell.begin));
    const long score = (end > begin ? 1000 + end - begin : 0) - away;
    if (score > best_score) {
      best = i;
      best_score = score;
    }
  }
  return best;
}

class Builder {
 public:
  explicit Builder(std::string_view text) : lines_(lines_of(text)) {}

  std::vector<LayoutTable> build() {
    for (std::size_t at = 0; at < lines_.size();) {
      const std::size_t end = block_end(at);
      if (end == at) {
        ++at;
        continue;
      }
      read_block(at, end);
      at = end;
    }
    return std::move(tables_);
  }

 private:
  // From a line with columns to behind the last one that belongs with it.
  std::size_t block_end(std::size_t from) const {
    if (lines_[from].cells.size() < 2) return from;
    std::size_t end = from + 1;
    std::size_t columned = 1;
    std::size_t single = 0;
    for (std::size_t at = from + 1; at < lines_.size(); ++at) {
      if (lines_[at].cells.size() >= 2) {
        ++columned;
        end = at + 1;
        single = 0;
      } else if (++single > 2) {
        break;
      }
    }
    return columned >= 2 ? end : from;
  }

  void read_block(std::size_t from, std::size_t to) {
    LayoutTable table{
        .rows = {}, .lines = {}, .begin = lines_[from].begin, .end = lines_[to - 1].end};
    const std::vector<Cell>* header = nullptr;
    std::size_t labels = 0;
    for (std::size_t at = from; at < to; ++at) {
      const Line& line = lines_[at];
      if (line.blank) {
        table.rows.emplace_back();
        table.lines.push_back(at);
        continue;
      }
      if (is_label_line(line)) {
        header = &line.cells;
        ++labels;
      }
      std::vector<std::string> row = row_of(line, header);
      if (header != nullptr && header != &line.cells && continues(row, table)) {
        for (std::size_t i = 0; i < row.size(); ++i)
          if (!row[i].empty())
            table.rows.back()[i] += (table.rows.back()[i].empty() ? "" : " ") + row[i];
        continue;
      }
      table.rows.push_back(std::move(row));
      table.lines.push_back(at);
    }
    if (labels > 0) {
      tables_.push_back(std::move(table));
    } else if (auto aligned = aligned_table(from, to)) {
      tables_.push_back(*std::move(aligned));
    }
  }

  // Where most lines begin a cell, at the same place.
  std::vector<std::size_t> column_begins(std::size_t from, std::size_t to) const {
    std::map<std::size_t, std::size_t> times;
    std::size_t lines = 0;
    for (std::size_t at = from; at < to; ++at) {
      if (lines_[at].cells.size() < 2) continue;
      ++lines;
      for (const Cell& cell : lines_[at].cells) ++times[cell.begin];
    }
    std::vector<std::size_t> begins;
    for (const auto& [begin, count] : times)
      if (count * 5 >= lines * 2) begins.push_back(begin);
    return begins;
  }

  std::optional<LayoutTable> aligned_table(std::size_t from, std::size_t to) const {
    constexpr std::size_t kColumnsMin = 3;
    constexpr std::size_t kLinesMin = 4;
    const std::vector<std::size_t> begins = column_begins(from, to);
    if (begins.size() < kColumnsMin) return std::nullopt;
    LayoutTable table{
        .rows = {}, .lines = {}, .begin = lines_[from].begin, .end = lines_[to - 1].end};
    std::size_t cells = 0;
    std::size_t placed = 0;
    for (std::size_t at = from; at < to; ++at) {
      std::vector<std::string> row(begins.size());
      for (const Cell& cell : lines_[at].cells) {
        const auto after = std::ranges::upper_bound(begins, cell.begin);
        ++cells;
        placed += std::ranges::binary_search(begins, cell.begin) ? 1 : 0;
        std::string& place = row[after == begins.begin() ? 0 : after - begins.begin() - 1];
        place += (place.empty() ? "" : " ") + std::string(cell.text);
      }
      table.rows.push_back(std::move(row));
      table.lines.push_back(at);
    }
    const bool is_aligned = placed * 5 >= cells * 4 && to - from >= kLinesMin;
    return is_aligned ? std::optional(std::move(table)) : std::nullopt;
  }

  static std::vector<std::string> row_of(const Line& line, const std::vector<Cell>* header) {
    std::vector<std::string> row;
    if (header == nullptr || header == &line.cells) {
      for (const Cell& cell : line.cells) row.emplace_back(cell.text);
      return row;
    }
    row.resize(header->size());
    for (const Cell& cell : line.cells) {
      std::string& place = row[column_under(*header, cell)];
      if (!place.empty()) place += ' ';
      place += cell.text;
    }
    return row;
  }

  // Fewer cells than the row above, and no beginning of its own.
  static bool continues(const std::vector<std::string>& row, const LayoutTable& table) {
    if (table.rows.size() < 2 || table.rows.back().size() != row.size()) return false;
    const auto filled = [](const std::vector<std::string>& cells) {
      return std::ranges::count_if(cells, [](const std::string& cell) { return !cell.empty(); });
    };
    if (filled(row) * 2 > filled(table.rows.back())) return false;
    return row.front().empty() || row.front().size() <= 3;
  }

  std::vector<Line> lines_;
  std::vector<LayoutTable> tables_;
};

}  // namespace

std::vector<LayoutTable> layout_tables(std::string_view text) { return Builder(text).build(); }

std::optional<LayoutTable> lines_as_cards(std::string_view text) {
  constexpr std::size_t kLooked = 40;
  constexpr std::size_t kLinesMin = 6;
  constexpr std::size_t kLabelMax = 60;
  LayoutTable table{.rows = {}, .lines = {}, .begin = 0, .end = text.size()};
  std::size_t filled = 0;
  std::size_t likely = 0;
  std::size_t at = 0;
  for (std::size_t begin = 0; begin < text.size(); ++at) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = trim(text.substr(begin, end - begin));
    begin = end + 1;
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
      line = line.substr(1, line.size() - 2);
    const std::vector<Cell> cells = cells_of(line);
    std::vector<std::string> row;
    for (const Cell& cell : cells) row.emplace_back(cell.text);
    if (!row.empty() && filled < kLooked) {
      ++filled;
      likely += row.size() > 1 || row[0].find(':') < kLabelMax ? 1 : 0;
    }
    // Letters and logs are no cards, as their first lines show.
    if (filled == kLooked && likely * 10 < filled * 7) return std::nullopt;
    table.rows.push_back(std::move(row));
    table.lines.push_back(at);
  }
  if (filled < kLinesMin || likely * 10 < filled * 7) return std::nullopt;
  return table;
}

}  // namespace sealift::census
