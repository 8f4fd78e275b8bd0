#include "census/structure/table_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "census/kinds/text_fold.h"
#include "census/structure/meaning_model.h"

namespace sealift::census {
namespace {

constexpr double kSureLabel = 0.5;

struct RowView {
  std::vector<std::optional<HeaderMeaning>> labels;  // of each cell
  std::size_t filled = 0;
  std::size_t known = 0;    // cells that are labels
  std::size_t pairs = 0;    // labels with a value to their right
  std::size_t numeric = 0;  // cells with figures in them, or an address
  std::size_t wordy = 0;    // cells too long to be a header
  std::size_t last_filled = 0;
};

bool has_figures(std::string_view cell) {
  std::size_t digits = 0;
  for (const char c : cell) digits += is_ascii_digit(c) ? 1 : 0;
  return digits >= 3 || cell.find('@') != std::string_view::npos;
}

std::optional<HeaderMeaning> label_of(const std::string& cell) {
  if (cell.empty() || cell.size() > 80) return std::nullopt;
  if (cell.back() == ':') return meaning_of_label(cell);
  auto meaning = field_of_header(cell);
  if (meaning && meaning->confidence < kSureLabel) meaning.reset();
  return meaning;
}

RowView view_of(const std::vector<std::string>& row) {
  RowView view;
  view.labels.resize(row.size());
  std::optional<std::size_t> label_before;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (trim(row[i]).empty()) continue;
    ++view.filled;
    view.last_filled = i;
    view.wordy += row[i].size() > 60 ? 1 : 0;
    view.numeric += has_figures(row[i]) ? 1 : 0;
    if (!has_figures(row[i])) view.labels[i] = label_of(row[i]);
    // "Relationship to child: Parent" is answered with a word that labels too.
    const bool answer = label_before && view.labels[*label_before]->field == Field::relationship;
    if (answer && view.labels[i] && view.labels[i]->field == Field::full_name)
      view.labels[i].reset();
    if (view.labels[i]) {
      ++view.known;
      label_before = i;
    } else {
      if (label_before) ++view.pairs;
      label_before.reset();
    }
  }
  return view;
}

bool is_form_row(const RowView& view) {
  return view.pairs >= 1 && view.pairs * 2 + 1 >= view.filled && view.known >= view.pairs &&
         view.known * 2 <= view.filled + 1;
}

bool is_label_row(const RowView& view) {
  return view.numeric == 0 && view.wordy == 0 && view.known >= 2 && view.known * 2 >= view.filled;
}

class Shaper {
 public:
  explicit Shaper(const Rows& rows) : rows_(rows) {
    for (const auto& row : rows) views_.push_back(view_of(row));
    columns_ = 0;
    for (const auto& row : rows) columns_ = std::max(columns_, row.size());
    is_form_ = looks_like_form();
  }

  TableShape shape() {
    for (at_ = 0; at_ < rows_.size();) step();
    close_section(rows_.size());
    fold_single_row_sections();
    std::ranges::sort(out_.form, [](const LabelledCell& a, const LabelledCell& b) {
      return std::pair(a.row, a.column) < std::pair(b.row, b.column);
    });
    number_blocks(out_.form);
    return std::move(out_);
  }

 private:
  bool looks_like_form() const {
    std::size_t filled = 0;
    std::size_t forms = 0;
    std::set<std::pair<Field, Subject>> asked;
    for (const RowView& view : views_) {
      if (view.filled < 2) continue;
      ++filled;
      if (!is_form_row(view)) continue;
      ++forms;
      for (const auto& label : view.labels)
        if (label) asked.emplace(label->field, label->subject);
    }
    return forms >= 1 && forms * 2 >= filled && asked.size() >= 2;
  }

  void step() {
    const RowView& view = views_[at_];
    if (view.filled == 0) {
      ++blank_;
      if (blank_ >= 2) close_section(at_ - 1);
      ++at_;
      return;
    }
    if (is_form_ && is_form_row(view)) {
      close_section(at_);
      take_form_row(at_++);
    } else if (is_form_ && is_open_pair(at_)) {
      close_section(at_);
      take_open_pair(at_++);
    } else if (const std::size_t height = header_height(); height > 0) {
      close_section(at_);
      open_section(at_, height);
      at_ += height;
    } else if (view.filled == 1 && (columns_ > 1 || view.wordy > 0) && is_title()) {
      take_title(at_++);
    } else {
      if (!open_) open_section(at_, 0);
      ++at_;
    }
    blank_ = 0;
  }

  // A line in one cell, at the left, with a gap or a header near it.
  bool is_title() const { return views_[at_].last_filled == 0 || !open_; }

  // How many rows from here are a header; 0 for none.
  std::size_t header_height() const {
    const RowView& view = views_[at_];
    const bool labels = is_label_row(view);
    if (is_group_row(at_) && (is_label_row(views_[at_ + 1]) || are_words_over_figures(at_ + 1))) {
      return 2 + second_label_row(at_ + 1);
    }
    if (labels) return 1 + second_label_row(at_);
    return is_header_by_position() || is_next_of_stack() ? 1 : 0;
  }

  // "Date of" over "Birth": the second row is labels too, and data follows.
  std::size_t second_label_row(std::size_t row) const {
    if (row + 2 >= rows_.size() || !is_label_row(views_[row + 1])) return 0;
    return is_label_row(views_[row + 2]) ? 0 : 1;
  }

  // Few cells, each naming a person of the form, over more columns below.
  bool is_group_row(std::size_t row) const {
    const RowView& view = views_[row];
    if (row + 1 >= rows_.size() || view.numeric > 1 || view.filled == 0 ||
        view.filled * 2 > views_[row + 1].filled + 1)
      return false;
    std::size_t subjects = 0;
    std::size_t learnt = 0;
    for (const std::string& cell : rows_[row]) {
      if (cell.empty()) continue;
      const bool known = subject_of_header(cell).has_value();
      subjects += known ? 1 : 0;
      learnt += known || is_learnt_subject(cell) ? 1 : 0;
    }
    if (subjects >= 1 && subjects * 2 >= view.filled) return true;
    // Over a row of labels stands nothing else: one of the cells must name somebody.
    return learnt >= 1 && view.filled >= 2 && view.numeric == 0 && view.wordy == 0 &&
           (is_label_row(views_[row + 1]) || are_words_over_figures(row + 1));
  }

  // "MTHR 2": somebody other than the row's person, by the weights.
  static bool is_learnt_subject(std::string_view cell) {
    constexpr float kSure = -0.22F;  // log .8
    constexpr std::size_t kSizeMax = 40;
    if (cell.size() > kSizeMax || has_figures(cell)) return false;
    const SubjectLogs logs = MeaningModel::built_in().subjects_of_label(cell, "");
    const auto best = std::ranges::max_element(logs);
    return best != logs.begin() && *best >= kSure;
  }

  // Labels of no list: all words, all different, with figures below them.
  bool are_words_over_figures(std::size_t row) const {
    if (row + 2 >= rows_.size()) return false;
    const RowView& view = views_[row];
    if (view.filled < 3 || view.numeric > 0 || view.wordy > 0 || !all_differ_mostly(rows_[row]))
      return false;
    std::size_t below = 0;
    for (std::size_t r = row + 1; r < std::min(row + 4, rows_.size()); ++r)
      below += views_[r].numeric > 0 && views_[r].filled * 2 >= view.filled ? 1 : 0;
    return below >= 2;
  }

  // Two people may be asked the same below their group's header.
  static bool all_differ_mostly(const std::vector<std::string>& row) {
    std::set<std::string_view> seen;
    std::size_t filled = 0;
    for (const std::string& cell : row) {
      if (cell.empty()) continue;
      ++filled;
      seen.insert(cell);
    }
    return seen.size() * 2 > filled;
  }

  // The first row of a block, words alone, with figures below.
  bool is_header_by_position() const {
    const RowView& view = views_[at_];
    if (open_ && blank_ == 0) return false;
    if (view.filled < 2 || view.numeric > 0 || view.wordy > 0) return false;
    std::size_t below = 0;
    for (std::size_t row = at_ + 1; row < std::min(at_ + 4, rows_.size()); ++row)
      below += views_[row].numeric > 0 && views_[row].filled * 2 >= view.filled ? 1 : 0;
    // No word of it is known: then the figures below must go on, and no two labels be the same.
    if (view.known == 0) return view.filled >= 3 && below >= 2 && all_differ(rows_[at_]);
    return below >= 1;
  }

  static bool all_differ(const std::vector<std::string>& row) {
    std::set<std::string_view> seen;
    return std::ranges::all_of(
        row, [&](const std::string& cell) { return cell.empty() || seen.insert(cell).second; });
  }

  // A label among its kind: most sections so far were one row of labels over one of values.
  bool is_next_of_stack() const {
    const RowView& view = views_[at_];
    if (!open_ || at_ != out_.sections.back().begin + 1 || at_ + 1 >= rows_.size()) return false;
    if (view.known == 0 || view.known * 2 < view.filled || view.numeric > 0 || view.wordy > 0)
      return false;
    const std::size_t before = out_.sections.size() - 1;
    const auto single = static_cast<std::size_t>(std::count_if(
        out_.sections.begin(), out_.sections.end() - 1, [](const TableSection& section) {
          return section.has_header && section.end == section.begin + 1;
        }));
    return single >= 1 && single * 3 >= before * 2;
  }

  void take_form_row(std::size_t row) {
    std::optional<std::size_t> label;
    for (std::size_t i = 0; i < rows_[row].size(); ++i) {
      if (trim(rows_[row][i]).empty()) continue;
      if (views_[row].labels[i]) {
        label = i;
      } else if (label) {
        out_.form.push_back({.meaning = *views_[row].labels[*label],
                             .label = rows_[row][*label],
                             .row = row,
                             .column = i});
        label.reset();
      }
    }
  }

  // Two cells among the rows of a form, the first of words that no list knows.
  bool is_open_pair(std::size_t row) const {
    const RowView& view = views_[row];
    constexpr std::size_t kLabelSizeMax = 40;
    if (view.filled != 2 || view.known > 0 || rows_[row].size() < 2 || view.last_filled != 1)
      return false;
    const std::string& label = rows_[row][0];
    return label.size() <= kLabelSizeMax && !has_figures(label);
  }

  void take_open_pair(std::size_t row) {
    out_.form.push_back({.meaning = {.field = Field::composite, .confidence = 0.3},
                         .label = rows_[row][0],
                         .row = row,
                         .column = 1});
  }

  void take_title(std::size_t row) {
    out_.titles.push_back(row);
    for (const std::string& cell : rows_[row]) title_ += cell.empty() ? "" : cell + "\n";
    title_is_fresh_ = true;
  }

  void open_section(std::size_t row, std::size_t height) {
    TableSection section;
    section.has_header = height > 0;
    section.headers.assign(columns_, "");
    section.columns.assign(columns_, std::nullopt);
    section.title = title_;
    section.begin = row + height;
    if (height > 0) read_header(row, height, section);
    out_.sections.push_back(std::move(section));
    open_ = true;
    title_is_fresh_ = false;
  }

  void read_header(std::size_t row, std::size_t height, TableSection& section) const {
    const bool grouped = is_group_row(row) && height > 1;
    std::string group;
    for (std::size_t i = 0; i < columns_; ++i) {
      std::string label;
      for (std::size_t r = row; r < row + height; ++r) {
        std::string cell = i < rows_[r].size() ? std::string(trim(rows_[r][i])) : "";
        if (r == row && grouped) {
          if (!cell.empty()) group = cell;
          cell = group;
        }
        if (!cell.empty()) label += (label.empty() ? "" : " ") + cell;
      }
      section.headers[i] = label;
      section.columns[i] = label_of(label);
      const std::size_t last = row + height - 1;
      if (!section.columns[i] && i < rows_[last].size())
        section.columns[i] = label_of(rows_[last][i]);
    }
  }

  void close_section(std::size_t end) {
    if (open_) out_.sections.back().end = end;
    open_ = false;
    if (!title_is_fresh_) title_.clear();
  }

  // Words to read, and no values beside them: an address is long, too.
  bool is_wordy(std::size_t row) const {
    if (views_[row].filled == 0) return true;
    if (views_[row].filled > 1 && views_[row].numeric > 0) return false;
    return std::ranges::any_of(rows_[row],
                               [](const std::string& cell) { return cell.size() > 40; });
  }

  // Asked twice of one person, these make two people; a phone may well be asked twice.
  static bool is_asked_once(Field field) {
    return field == Field::full_name || field == Field::last_name || field == Field::first_name ||
           field == Field::birth_date || field == Field::sin || field == Field::health_number;
  }

  // Labels above values, each row of labels over one row of values: one form in several rows.
  void fold_single_row_sections() {
    // A declaration to sign under the last values is none of them.
    if (!out_.sections.empty()) {
      TableSection& last = out_.sections.back();
      while (last.has_header && last.end > last.begin + 1 && is_wordy(last.end - 1)) --last.end;
    }
    std::size_t single = 0;
    bool repeats = false;
    std::set<std::tuple<Field, Subject, int>> asked;
    for (const TableSection& section : out_.sections) {
      if (!section.has_header || section.end != section.begin + 1) continue;
      ++single;
      for (const auto& label : section.columns)
        if (label && is_asked_once(label->field))
          repeats |= !asked.emplace(label->field, label->subject, label->ordinal).second;
    }
    if (single + (out_.form.empty() ? 0 : 1) < 2) return;
    // Asked again, they are cards, where most of the sheet is so.
    if (repeats && single * 4 < out_.sections.size() * 3) return;
    std::erase_if(out_.sections, [&](const TableSection& section) {
      if (!section.has_header || section.end != section.begin + 1) return false;
      for (std::size_t i = 0; i < std::min(section.columns.size(), rows_[section.begin].size());
           ++i)
        if (section.columns[i])
          out_.form.push_back({.meaning = *section.columns[i],
                               .label = section.headers[i],
                               .row = section.begin,
                               .column = i});
      return true;
    });
  }

  const Rows& rows_;
  std::vector<RowView> views_;
  std::size_t columns_ = 0;
  bool is_form_ = false;
  std::size_t at_ = 0;
  std::size_t blank_ = 0;
  bool open_ = false;
  std::string title_;
  bool title_is_fresh_ = false;
  TableShape out_;
};

}  // namespace

TableShape shape_of(const Rows& rows) { return Shaper(rows).shape(); }

std::optional<HeaderMeaning> meaning_of_label(std::string_view text) {
  constexpr std::size_t kLabelSizeMax = 48;
  constexpr float kSure = -0.36F;         // log .7
  constexpr float kSureSubject = -0.22F;  // log .8
  text = trim(text);
  while (!text.empty() && (text.back() == ':' || text.back() == ' ')) text.remove_suffix(1);
  auto meaning = field_of_header(text);
  if (meaning && meaning->confidence >= kSureLabel) return meaning;
  if (text.size() < 2 || text.size() > kLabelSizeMax || has_figures(text)) return std::nullopt;
  const MeaningModel& model = MeaningModel::built_in();
  const FieldLogs logs = model.fields_of_label(text, "");
  const auto best = std::ranges::max_element(logs);
  if (*best < kSure) return std::nullopt;
  HeaderMeaning learnt{.field = static_cast<Field>(best - logs.begin()),
                       .confidence = std::exp(*best)};
  if (const auto named = subject_of_header(text)) {
    learnt.subject = named->subject;
    learnt.ordinal = named->ordinal;
    learnt.says_whose = true;
    return learnt;
  }
  const SubjectLogs subjects = model.subjects_of_label(text, "");
  const auto whose = std::ranges::max_element(subjects);
  if (*whose >= kSureSubject && whose != subjects.begin()) {
    learnt.subject = static_cast<Subject>(whose - subjects.begin());
    learnt.says_whose = true;
  }
  return learnt;
}

std::vector<std::pair<std::size_t, std::size_t>> sides_of(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.size());
  std::vector<std::size_t> filled(width);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) filled[i] += trim(row[i]).empty() ? 0 : 1;
  std::vector<std::pair<std::size_t, std::size_t>> sides;
  for (std::size_t at = 0; at < width;) {
    if (filled[at] == 0) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < width && filled[end] > 0) ++end;
    sides.emplace_back(at, end);
    at = end;
  }
  const std::vector<std::pair<std::size_t, std::size_t>> whole = {{0, width}};
  if (sides.size() < 2) return whole;
  // Each side is a table: the row that begins the one begins the others, as a header without
  // figures, and rows below fill two columns of each.
  const auto filled_in = [&](std::size_t row, const std::pair<std::size_t, std::size_t>& side) {
    std::size_t count = 0;
    for (std::size_t i = side.first; i < std::min(side.second, rows[row].size()); ++i)
      count += trim(rows[row][i]).empty() ? 0 : 1;
    return count;
  };
  std::size_t header = 0;
  while (header < rows.size() && !std::ranges::all_of(sides, [&](const auto& side) {
           return filled_in(header, side) >= 2;
         }))
    ++header;
  if (header + 3 >= rows.size() || view_of(rows[header]).numeric > 0) return whole;
  std::size_t forms = 0;
  std::vector<std::size_t> full(sides.size());
  for (std::size_t row = header + 1; row < rows.size(); ++row) {
    forms += is_form_row(view_of(rows[row])) ? 1 : 0;
    for (std::size_t i = 0; i < sides.size(); ++i) full[i] += filled_in(row, sides[i]) >= 2 ? 1 : 0;
  }
  if (forms * 3 > rows.size() - header) return whole;
  return std::ranges::all_of(full, [](std::size_t count) { return count >= 3; }) ? sides : whole;
}

namespace {

// What a cell looks like, so coarsely that one kind of value is mostly one class.
int shape_class(std::string_view cell) {
  std::size_t digits = 0;
  std::size_t letters = 0;
  bool at = false;
  for (const char c : cell) {
    digits += is_ascii_digit(c) ? 1 : 0;
    letters += is_ascii_letter(c) || (c & 0x80) != 0 ? 1 : 0;
    at = at || c == '@';
  }
  if (at) return 1;
  const bool space = cell.find(' ') != std::string_view::npos;
  if (digits == 0) return space ? 2 : 3;
  if (letters == 0) return digits < 5 ? 4 : digits < 9 ? 5 : digits == 9 ? 6 : digits == 10 ? 7 : 8;
  return digits >= letters ? 9 : space ? 10 : 11;
}

// The share of the cells that look like most of theirs.
template <typename CellAt>
double likeness(std::size_t count, CellAt cell_at) {
  std::array<std::size_t, 12> classes{};
  std::size_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view cell = cell_at(i);
    if (cell.empty()) continue;
    ++classes[static_cast<std::size_t>(shape_class(cell))];
    ++all;
  }
  if (all == 0) return -1;
  return static_cast<double>(*std::ranges::max_element(classes)) / static_cast<double>(all);
}

}  // namespace

bool is_turned(const Rows& rows) {
  constexpr std::size_t kRowsMax = 60;
  constexpr double kAlike = 0.75;
  if (rows.size() < 2 || rows.size() > kRowsMax) return false;
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.size());
  if (width < 3) return false;
  const auto cell = [&](std::size_t row, std::size_t column) {
    return column < rows[row].size() ? trim(rows[row][column]) : std::string_view();
  };
  std::size_t labels = 0;
  std::size_t filled = 0;
  std::set<std::string_view> seen;
  double rows_alike = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double alike = likeness(width - 1, [&](std::size_t i) { return cell(row, i + 1); });
    if (alike < 0) continue;  // a title, or blank
    const std::string_view label = cell(row, 0);
    if (label.empty() || has_figures(label) || !seen.insert(label).second) return false;
    ++filled;
    rows_alike += alike;
    labels += meaning_of_label(label) ? 1 : 0;
  }
  if (filled < 2 || labels * 2 < filled || labels < 2) return false;
  double columns_alike = 0;
  for (std::size_t column = 1; column < width; ++column)
    columns_alike +=
        std::max(0.0, likeness(rows.size(), [&](std::size_t i) { return cell(i, column); }));
  rows_alike /= static_cast<double>(filled);
  columns_alike /= static_cast<double>(width - 1);
  // The first row of a table as usual is labels, too.
  std::size_t across = 0;
  for (std::size_t column = 0; column < width; ++column)
    across += !cell(0, column).empty() && label_of(std::string(cell(0, column))) ? 1 : 0;
  return rows_alike >= kAlike && rows_alike > columns_alike + 0.1 && across <= 1;
}

void number_blocks(std::vector<LabelledCell>& cells) {
  const auto is_name = [](const LabelledCell& cell) {
    const Field field = cell.meaning.field;
    return field == Field::full_name || field == Field::last_name || field == Field::first_name;
  };
  std::map<std::string, std::size_t> counts;
  for (const LabelledCell& cell : cells) ++counts[fold_words(cell.label)];
  // The first name that is asked again; before it, what is asked as often.
  const auto name = std::ranges::find_if(cells, [&](const LabelledCell& cell) {
    return is_name(cell) && counts[fold_words(cell.label)] > 1;
  });
  if (name == cells.end()) return;
  const std::size_t often = counts[fold_words(name->label)];
  const auto first = std::find_if(cells.begin(), name, [&](const LabelledCell& cell) {
    return counts[fold_words(cell.label)] == often;
  });
  const std::string begins = fold_words(first->label);
  std::size_t block = 0;
  bool begun = false;
  for (LabelledCell& cell : cells) {
    if (fold_words(cell.label) == begins) {
      block += begun ? 1 : 0;
      begun = true;
    }
    cell.block = block;
  }
}

}  // namespace sealift::census
