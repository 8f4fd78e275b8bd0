#include "readers/page_layout.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace sealift::readers {
namespace {

using document::Place;
using document::TextRole;

// Gaps in units of the line's height. Spaces in justified text stay under the first.
constexpr double kSegmentGap = 0.9;
constexpr double kColumnGap = 0.6;
constexpr double kSameLineOverlap = 0.5;
// Prose in columns has segments of this many characters on average.
constexpr double kProseSegmentLength = 32;
constexpr double kWrapPitch = 1.3;

struct Segment {
  double left = 0;
  double right = 0;
  std::string text;
};

struct Line {
  double top = 0;
  double bottom = 0;
  std::vector<Word> words;
  std::vector<Segment> segments;
  double height() const { return bottom - top; }
};

struct Gap {
  double left = 0;
  double right = 0;
};

bool same_line(const Line& line, const Word& word) {
  const double overlap = std::min(line.bottom, word.bottom) - std::max(line.top, word.top);
  const double smaller = std::min(line.height(), word.bottom - word.top);
  return overlap > kSameLineOverlap * smaller;
}

void split_segments(Line& line) {
  std::ranges::stable_sort(line.words, {}, &Word::left);
  for (Word& word : line.words) {
    const double gap = line.segments.empty() ? 0 : word.left - line.segments.back().right;
    if (line.segments.empty() || gap > kSegmentGap * line.height()) {
      line.segments.push_back({word.left, word.right, std::move(word.text)});
      continue;
    }
    Segment& segment = line.segments.back();
    if (gap > 0.08 * line.height()) segment.text += ' ';
    segment.text += word.text;
    segment.right = std::max(segment.right, word.right);
  }
  line.words.clear();
}

std::vector<Line> gather_lines(std::vector<Word> words) {
  std::ranges::stable_sort(
      words, [](const Word& a, const Word& b) { return a.top + a.bottom < b.top + b.bottom; });
  std::vector<Line> lines;
  for (Word& word : words) {
    // Words come by their middles: a word's line is one of the last few.
    Line* home = nullptr;
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, lines.size()); ++back) {
      if (same_line(lines[lines.size() - back], word)) home = &lines[lines.size() - back];
      if (home != nullptr) break;
    }
    if (home == nullptr) {
      lines.push_back({word.top, word.bottom, {}, {}});
      home = &lines.back();
    }
    home->top = std::min(home->top, word.top);
    home->bottom = std::max(home->bottom, word.bottom);
    home->words.push_back(std::move(word));
  }
  std::ranges::stable_sort(lines, {}, &Line::top);
  for (Line& line : lines) split_segments(line);
  return lines;
}

std::vector<Gap> gaps_of(const Line& line) {
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < line.segments.size(); ++i) {
    gaps.push_back({line.segments[i - 1].right, line.segments[i].left});
  }
  return gaps;
}

// What of `gaps` the line leaves free. A line that ends left of a gap or starts right of it does.
std::vector<Gap> narrowed(const std::vector<Gap>& gaps, const Line& line) {
  std::vector<Gap> out;
  for (Gap gap : gaps) {
    bool free = true;
    for (const Segment& segment : line.segments) {
      if (segment.right <= gap.left || segment.left >= gap.right) continue;
      if (segment.left <= gap.left && segment.right >= gap.right) {
        free = false;
        break;
      }
      // The wider remainder, when a segment reaches into the gap.
      if (gap.right - segment.right > segment.left - gap.left) {
        gap.left = segment.right;
      } else {
        gap.right = segment.left;
      }
    }
    if (free && gap.right - gap.left > kColumnGap * line.height()) out.push_back(gap);
  }
  return out;
}

// Gaps that only one of the lines has are widened by nothing: a union for the first two lines.
std::vector<Gap> shared_gaps(const Line& a, const Line& b) {
  const std::vector<Gap> from_a = narrowed(gaps_of(a), b);
  const std::vector<Gap> from_b = narrowed(gaps_of(b), a);
  return from_a.size() >= from_b.size() ? from_a : from_b;
}

// A run of lines with gaps right through.
struct Block {
  std::size_t first = 0;
  std::size_t count = 0;
  std::vector<Gap> gaps;  // empty: running text
};

bool near(const Line& above, const Line& below) {
  return below.top - above.bottom < 2.5 * std::max(above.height(), below.height());
}

// The longest table that starts at `first`; of one line only when nothing follows.
Block table_at(std::span<const Line> lines, std::size_t first) {
  Block block{first, 1, gaps_of(lines[first])};
  if (block.gaps.empty()) return block;
  for (std::size_t i = first + 1; i < lines.size() && near(lines[i - 1], lines[i]); ++i) {
    std::vector<Gap> gaps =
        block.count == 1 ? shared_gaps(lines[first], lines[i]) : narrowed(block.gaps, lines[i]);
    // One segment is a line of text unless it keeps to one of several columns.
    const bool single = lines[i].segments.size() == 1;
    const bool ends = gaps.empty() || (single && gaps.size() < block.gaps.size()) ||
                      gaps.size() * 2 < block.gaps.size();
    if (ends) break;
    block.gaps = std::move(gaps);
    ++block.count;
  }
  // Single lines at the end are text below the table.
  while (block.count > 1 && lines[first + block.count - 1].segments.size() == 1 &&
         lines[first + block.count - 1].segments[0].left < block.gaps.front().left) {
    --block.count;
  }
  return block;
}

std::vector<std::string> cells_of(const Line& line, const std::vector<Gap>& gaps) {
  std::vector<std::string> cells(gaps.size() + 1);
  for (const Segment& segment : line.segments) {
    const double middle = (segment.left + segment.right) / 2;
    std::size_t column = 0;
    while (column < gaps.size() && middle > (gaps[column].left + gaps[column].right) / 2) ++column;
    if (!cells[column].empty()) cells[column] += ' ';
    cells[column] += segment.text;
  }
  return cells;
}

bool is_prose(std::span<const Line> lines) {
  std::size_t characters = 0;
  std::size_t segments = 0;
  for (const Line& line : lines) {
    for (const Segment& segment : line.segments) {
      characters += segment.text.size();
      ++segments;
    }
  }
  return lines.size() >= 6 &&
         static_cast<double>(characters) > kProseSegmentLength * static_cast<double>(segments);
}

std::string joined(const Line& line) {
  std::string text;
  for (const Segment& segment : line.segments) {
    if (!text.empty()) text += '\t';
    text += segment.text;
  }
  return text;
}

// A cell that goes on in the next line: nothing in the first column, and no room between the lines.
bool continues(const std::vector<std::string>& above, const std::vector<std::string>& row,
               const Line& line_above, const Line& line) {
  if (!row[0].empty() || line.top - line_above.top > kWrapPitch * line.height()) return false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i].empty() && above[i].empty()) return false;
  }
  return true;
}

class PageWriter {
 public:
  PageWriter(const Place& place, TextRole role, Context& context)
      : place_(place), role_(role), context_(context) {}

  void write(std::span<const Line> lines) {
    for (std::size_t at = 0; at < lines.size();) {
      const Block block = table_at(lines, at);
      const std::span<const Line> part = lines.subspan(at, block.count);
      if (block.count < 2) {
        text_ += joined(lines[at]) + '\n';
      } else if (is_prose(part)) {
        write_columns(part, block.gaps);
      } else {
        write_table(part, block.gaps);
      }
      at += block.count;
    }
    flush();
  }

 private:
  void write_columns(std::span<const Line> lines, const std::vector<Gap>& gaps) {
    for (std::size_t column = 0; column <= gaps.size(); ++column) {
      for (const Line& line : lines) {
        const std::string cell = cells_of(line, gaps)[column];
        if (!cell.empty()) text_ += cell + '\n';
      }
    }
  }

  void write_table(std::span<const Line> lines, const std::vector<Gap>& gaps) {
    flush();
    TableWriter table(context_, place_);
    std::vector<std::string> row;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::vector<std::string> cells = cells_of(lines[i], gaps);
      if (i > 0 && continues(row, cells, lines[i - 1], lines[i])) {
        for (std::size_t k = 0; k < row.size(); ++k) {
          if (!cells[k].empty()) row[k] += ' ' + cells[k];
        }
        continue;
      }
      if (i > 0) table.add(std::move(row));
      row = std::move(cells);
    }
    table.add(std::move(row));
    table.flush();
    line_ += static_cast<std::uint32_t>(lines.size());
  }

  void flush() {
    context_.text(place_, text_, role_, line_);
    line_ += static_cast<std::uint32_t>(std::ranges::count(text_, '\n'));
    text_.clear();
  }

  const Place& place_;
  TextRole role_;
  Context& context_;
  std::string text_;
  std::uint32_t line_ = 1;
};

}  // namespace

void lay_out_page(std::vector<Word> words, const Place& place, TextRole role, Context& context) {
  std::erase_if(words, [](const Word& word) {
    return !(word.right >= word.left && word.bottom > word.top) || word.text.empty();
  });
  PageWriter(place, role, context).write(gather_lines(std::move(words)));
}

}  // namespace sealift::readers
