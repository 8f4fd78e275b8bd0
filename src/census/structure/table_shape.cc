#include "census/structure/table_shape.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "census/kinds/text_fold.h"

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
    if (is_group_row(at_) && at_ + 1 < rows_.size() && is_label_row(views_[at_ + 1])) {
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
    for (const std::string& cell : rows_[row])
      subjects += !cell.empty() && subject_of_header(cell) ? 1 : 0;
    return subjects >= 1 && subjects * 2 >= view.filled;
  }

  // The first row of a block, words alone, with figures below.
  bool is_header_by_position() const {
    const RowView& view = views_[at_];
    if (open_ && blank_ == 0) return false;
    if (view.filled < 2 || view.numeric > 0 || view.wordy > 0 || view.known == 0) return false;
    std::size_t below = 0;
    for (std::size_t row = at_ + 1; row < std::min(at_ + 4, rows_.size()); ++row)
      below += views_[row].numeric > 0 && views_[row].filled * 2 >= view.filled ? 1 : 0;
    return below >= 1;
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
        out_.form.push_back({*views_[row].labels[*label], rows_[row][*label], row, i});
        label.reset();
      }
    }
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
    std::set<std::tuple<Field, Subject, int>> asked;
    std::size_t single = 0;
    for (const TableSection& section : out_.sections) {
      if (!section.has_header || section.end != section.begin + 1) continue;
      ++single;
      for (const auto& label : section.columns)
        if (label && is_asked_once(label->field) &&
            !asked.emplace(label->field, label->subject, label->ordinal).second)
          return;
    }
    if (single + (out_.form.empty() ? 0 : 1) < 2) return;
    std::erase_if(out_.sections, [&](const TableSection& section) {
      if (!section.has_header || section.end != section.begin + 1) return false;
      for (std::size_t i = 0; i < std::min(section.columns.size(), rows_[section.begin].size());
           ++i)
        if (section.columns[i])
          out_.form.push_back({*section.columns[i], section.headers[i], section.begin, i});
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

}  // namespace sealift::census
