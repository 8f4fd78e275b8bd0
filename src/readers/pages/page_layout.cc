#include "readers/pages/page_layout.h"

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
// Words of one line have their middles this close, in units of their height.
constexpr double kSameLineMiddles = 0.45;
// Prose in columns has segments of this many characters on average.
constexpr double kProseSegmentLength = 32;
// A word this much higher than most is a heading, or a rule.
constexpr double kTallWord = 1.6;
// Lines of one cell stand this close, and rows at least this far apart, in units of the least
// pitch.
constexpr double kWrapPitch = 1.1;
constexpr double kRowPitch = 1.2;

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
  double middles = 0;  // sums over its words
  double heights = 0;
  double count = 0;
  double height() const { return heights / count; }
  double middle() const { return middles / count; }

  void add(Word word) {
    top = std::min(top, word.top);
    bottom = std::max(bottom, word.bottom);
    middles += (word.top + word.bottom) / 2;
    heights += word.bottom - word.top;
    ++count;
    words.push_back(std::move(word));
  }
};

struct Gap {
  double left = 0;
  double right = 0;
};

double middle_of(const Word& word) { return (word.top + word.bottom) / 2; }

double height_of(const Word& word) { return word.bottom - word.top; }

// `usual`: the height of most words of the page, so that a large one does not gather its
// neighbours.
bool same_line(const Line& line, const Word& word, double usual) {
  const double height = std::min(std::max(line.height(), height_of(word)), kTallWord * usual);
  return std::abs(middle_of(word) - line.middle()) < kSameLineMiddles * height;
}

double usual_height(const std::vector<Word>& words) {
  std::vector<double> heights;
  for (const Word& word : words) heights.push_back(height_of(word));
  if (heights.empty()) return 0;
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::ranges::nth_element(heights, middle);
  return *middle;
}

// Rules and frames that were taken for characters: high, and without a letter or digit.
bool is_rule(const Word& word, double usual) {
  const bool says_something = std::ranges::any_of(word.text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return !says_something && height_of(word) > kTallWord * usual;
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
  const double usual = usual_height(words);
  std::vector<Line> lines;
  for (Word& word : words) {
    if (is_rule(word, usual)) continue;
    // Words come by their middles: a word's line is one of the last few.
    Line* home = nullptr;
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, lines.size()); ++back) {
      if (same_line(lines[lines.size() - back], word, usual)) home = &lines[lines.size() - back];
      if (home != nullptr) break;
    }
    if (home == nullptr) {
      home = &lines.emplace_back();
      home->top = word.top;
      home->bottom = word.bottom;
    }
    home->add(std::move(word));
  }
  std::ranges::stable_sort(lines, {}, &Line::middle);
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
  std::vector<Gap> gaps = {};  // empty: running text
  // The first lines of a table may head several columns each ("Student", "Parent 1"): what stands
  // between them.
  std::size_t heads = 0;
  std::vector<Gap> head_gaps = {};
};

bool near(const Line& above, const Line& below) {
  return below.top - above.bottom < 2.5 * std::max(above.height(), below.height());
}

// The distance of lines inside a cell, where a table has cells of several lines: rows stand
// further apart. 0: every line is a row.
double wrap_pitch(std::span<const Line> lines) {
  if (lines.size() < 2) return 0;
  double least = lines[1].top - lines[0].top;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    least = std::min(least, lines[i].top - lines[i - 1].top);
  }
  std::size_t wide = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    wide += lines[i].top - lines[i - 1].top > kRowPitch * least ? 1 : 0;
  }
  return wide * 5 >= lines.size() ? least * kWrapPitch : 0;
}

// The line has as many columns of its own, and the line below shares them: another table.
bool begins_other_table(std::span<const Line> lines, std::size_t at, std::size_t gaps) {
  return gaps >= 2 && lines[at].segments.size() > gaps && at + 1 < lines.size() &&
         near(lines[at], lines[at + 1]) && shared_gaps(lines[at], lines[at + 1]).size() >= gaps;
}

// More cells than columns have something in them.
bool is_crowded(const Line& line, const std::vector<Gap>& gaps) {
  std::size_t columns = line.segments.empty() ? 0 : 1;
  for (std::size_t i = 1; i < line.segments.size(); ++i)
    columns += std::ranges::any_of(gaps, [&](const Gap& gap) {
      return line.segments[i - 1].right <= gap.left && gap.right <= line.segments[i].left;
    });
  return line.segments.size() > columns;
}

// The longest run of lines from `first` with gaps right through; of one line only when nothing
// follows.
Block run_at(std::span<const Line> lines, std::size_t first) {
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
    if (gaps.size() < block.gaps.size() && block.count > 1 &&
        begins_other_table(lines, i, block.gaps.size())) {
      // its first lines may have kept to the gaps above by chance
      while (block.count > 2 && is_crowded(lines[first + block.count - 1], block.gaps) &&
             begins_other_table(lines, first + block.count - 1, block.gaps.size()))
        --block.count;
      break;
    }
    block.gaps = std::move(gaps);
    ++block.count;
  }
  // A single line at the end is text below the table, unless a cell goes on in it.
  const double pitch = wrap_pitch(lines.subspan(first, block.count));
  while (block.count > 1) {
    const Line& last = lines[first + block.count - 1];
    const bool single = last.segments.size() == 1 && last.segments[0].left < block.gaps[0].left;
    if (!single || last.top - lines[first + block.count - 2].top <= pitch) break;
    --block.count;
  }
  return block;
}

double middle_of(const Gap& gap) { return (gap.left + gap.right) / 2; }

// The table that starts at `first`. Where its first lines have few cells and all lines below them
// more columns, at the same places and between, those lines are headers of several columns.
Block table_at(std::span<const Line> lines, std::size_t first) {
  constexpr std::size_t kHeadsMax = 3;
  constexpr std::size_t kRowsMin = 3;
  Block block = run_at(lines, first);
  for (std::size_t heads = 1; heads <= kHeadsMax && heads + kRowsMin <= block.count; ++heads) {
    Block below = run_at(lines, first + heads);
    if (heads + below.count < block.count || below.gaps.size() <= block.gaps.size()) continue;
    std::vector<Gap> between = gaps_of(lines[first]);
    for (const Line& line : lines.subspan(first + 1, block.count - 1))
      between = narrowed(between, line);
    if (between.empty() || below.gaps.size() < between.size() + 2) continue;
    return {first, heads + below.count, std::move(below.gaps), heads, std::move(between)};
  }
  return block;
}

// Segments of one line that stand in one column.
using Cell = Segment;

std::vector<Cell> cells_of(const Line& line, const std::vector<Gap>& gaps) {
  std::vector<Cell> cells(gaps.size() + 1);
  for (const Segment& segment : line.segments) {
    const double middle = (segment.left + segment.right) / 2;
    std::size_t column = 0;
    while (column < gaps.size() && middle > (gaps[column].left + gaps[column].right) / 2) ++column;
    Cell& cell = cells[column];
    if (cell.text.empty()) cell.left = segment.left;
    if (!cell.text.empty()) cell.text += ' ';
    cell.text += segment.text;
    cell.right = segment.right;
  }
  return cells;
}

// A line of headers of several columns each: each stands in the first of its columns.
std::vector<Cell> heads_of(const Line& line, const Block& block) {
  std::vector<Cell> heads = cells_of(line, block.head_gaps);
  std::vector<Cell> cells(block.gaps.size() + 1);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const auto column = i == 0 ? 0 : std::ranges::count_if(block.gaps, [&](const Gap& gap) {
      return middle_of(gap) < block.head_gaps[i - 1].right;
    });
    cells[static_cast<std::size_t>(column)] = std::move(heads[i]);
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

bool begins_small(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z';
}

// Does the sentence of `above` go on in `below`?
bool runs_on(std::string_view above, std::string_view below) {
  if (above.empty() || below.empty()) return false;
  if (begins_small(below)) return true;
  const std::size_t space = above.rfind(' ');
  const std::string_view last = space == std::string_view::npos ? above : above.substr(space + 1);
  return begins_small(last) &&
         std::string_view(".:;!?").find(last.back()) == std::string_view::npos;
}

// Two or three narrow columns of prose: in each, several words a line, and sentences that run on
// from line to line, which cells of a table hardly do.
bool is_narrow_prose(std::span<const Line> lines, const std::vector<Gap>& gaps) {
  constexpr std::size_t kLinesMin = 4;
  constexpr std::size_t kGapsMax = 2;
  if (lines.size() < kLinesMin || gaps.empty() || gaps.size() > kGapsMax) return false;
  for (std::size_t column = 0; column <= gaps.size(); ++column) {
    std::string above;
    std::size_t filled = 0;
    std::size_t words = 0;
    std::size_t running = 0;
    for (const Line& line : lines) {
      std::string cell = cells_of(line, gaps)[column].text;
      if (cell.empty()) continue;
      ++filled;
      words += static_cast<std::size_t>(std::ranges::count(cell, ' ')) + 1;
      running += runs_on(above, cell) ? 1 : 0;
      above = std::move(cell);
    }
    if (filled < kLinesMin || words * 2 < filled * 5 || running * 2 < filled) return false;
  }
  return true;
}

std::string joined(const Line& line) {
  std::string text;
  for (const Segment& segment : line.segments) {
    if (!text.empty()) text += '\t';
    text += segment.text;
  }
  return text;
}

// The first word of `below` had no room behind `above` in a column that ends at `right`: that is
// why it stands in a line of its own.
bool is_wrapped(const Cell& above, const Cell& below, double right) {
  const auto size = static_cast<double>(below.text.size());
  const auto first_word = static_cast<double>(std::min(below.text.find(' '), below.text.size()));
  return above.right + (below.right - below.left) * (first_word + 1) / size > right;
}

// A line that only goes on with cells of the row above it, and with fewer of them.
bool continues(const std::vector<Cell>& row, const std::vector<Cell>& cells,
               const std::vector<double>& column_ends) {
  std::size_t filled_above = 0;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    filled_above += row[i].text.empty() ? 0 : 1;
    if (cells[i].text.empty()) continue;
    ++filled;
    if (row[i].text.empty() || !is_wrapped(row[i], cells[i], column_ends[i])) return false;
  }
  return filled < filled_above;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number or an e-mail address too long for its column is cut anywhere; words are cut at spaces.
void append_wrapped(Cell& cell, const Cell& more) {
  const auto is_word = [](const std::string& text) { return text.find(' ') == std::string::npos; };
  const bool number =
      is_word(cell.text) && is_digit(cell.text.back()) && is_digit(more.text.front());
  const bool address = is_word(cell.text) && is_word(more.text) &&
                       cell.text.find('@') != std::string::npos &&
                       more.text.find('@') == std::string::npos;
  if (!number && !address) cell.text += ' ';
  cell.text += more.text;
  cell.right = more.right;
}

std::vector<std::string> texts_of(std::vector<Cell> cells) {
  std::vector<std::string> texts;
  for (Cell& cell : cells) texts.push_back(std::move(cell.text));
  return texts;
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
      } else if (is_prose(part) || is_narrow_prose(part, block.gaps)) {
        write_columns(part, block.gaps);
      } else {
        write_table(part, block);
      }
      at += block.count;
    }
    flush();
  }

 private:
  void write_columns(std::span<const Line> lines, const std::vector<Gap>& gaps) {
    for (std::size_t column = 0; column <= gaps.size(); ++column) {
      for (const Line& line : lines) {
        const std::string cell = cells_of(line, gaps)[column].text;
        if (!cell.empty()) text_ += cell + '\n';
      }
    }
  }

  void write_table(std::span<const Line> lines, const Block& block) {
    const std::vector<Gap>& gaps = block.gaps;
    flush();
    TableWriter table(context_, place_);
    const double pitch = wrap_pitch(lines);
    std::vector<double> column_ends(gaps.size() + 1);
    for (const Line& line : lines.subspan(block.heads)) {
      const std::vector<Cell> cells = cells_of(line, gaps);
      for (std::size_t k = 0; k < cells.size(); ++k) {
        column_ends[k] = std::max(column_ends[k], cells[k].right);
      }
    }
    std::vector<Cell> row;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::vector<Cell> cells =
          i < block.heads ? heads_of(lines[i], block) : cells_of(lines[i], gaps);
      const bool close = i > 0 && lines[i].top - lines[i - 1].top <= pitch;
      if (close && continues(row, cells, column_ends)) {
        for (std::size_t k = 0; k < row.size(); ++k) {
          if (!cells[k].text.empty()) append_wrapped(row[k], cells[k]);
        }
        continue;
      }
      if (i > 0) table.add(texts_of(std::move(row)));
      row = std::move(cells);
    }
    table.add(texts_of(std::move(row)));
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
    return !(word.right >= word.left && word.bottom > word.top) ||
           word.text.find_first_not_of(" \t\r\n") == std::string::npos;
  });
  PageWriter(place, role, context).write(gather_lines(std::move(words)));
}

}  // namespace sealift::readers
