#include "census/structure/cards.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "census/kinds/text_fold.h"
#include "census/structure/field.h"

namespace sealift::census {
namespace {

constexpr std::size_t kRecordsMin = 3;
constexpr std::size_t kLabelSizeMax = 60;

struct Pair {
  std::string_view label, value;
  CardPlace place;  // of the value
  bool after_gap = false;
};

// What stands where a label may: words, with at most a number ("Guardian 2") among them.
bool may_be_label(std::string_view text) {
  if (text.empty() || text.size() > kLabelSizeMax || text.find('@') != text.npos) return false;
  const auto digits = std::ranges::count_if(text, is_ascii_digit);
  const auto letters =
      std::ranges::count_if(text, [](char c) { return is_ascii_letter(c) || (c & 0x80) != 0; });
  return digits <= 2 && letters >= 2;
}

std::string_view without_colon(std::string_view text) {
  text = trim(text);
  while (!text.empty() && (text.back() == ':' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// "Home tel.: 905-555-0100": the label before a colon.
std::string_view label_within(std::string_view cell) {
  const std::size_t colon = cell.find(':');
  if (colon == cell.npos || (colon + 1 < cell.size() && cell[colon + 1] != ' ')) return {};
  const std::string_view label = without_colon(cell.substr(0, colon));
  return may_be_label(label) ? label : std::string_view();
}

class CardFinder {
 public:
  explicit CardFinder(const Rows& rows) : rows_(rows) {
    for (const auto& row : rows_)
      for (const std::string& cell : row) {
        const std::string_view text = without_colon(cell);
        if (may_be_label(text)) ++times_[text];
        if (const std::string_view label = label_within(cell); !label.empty()) ++within_[label];
      }
  }

  std::optional<CardTable> find() {
    using Reading = bool (CardFinder::*)();
    for (const Reading read :
         {&CardFinder::read_beside, &CardFinder::read_within, &CardFinder::read_above}) {
      pairs_.clear();
      taken_.assign(rows_.size(), false);
      if (!(this->*read)()) continue;
      if (auto table = table_of_pairs()) return table;
    }
    return std::nullopt;
  }

 private:
  bool repeats(std::string_view text) const {
    const auto at = times_.find(text);
    return at != times_.end() && at->second >= kRecordsMin;
  }

  static std::string_view cell(const std::vector<std::string>& row, std::size_t i) {
    return i < row.size() ? trim(row[i]) : std::string_view();
  }

  static std::size_t filled_of(const std::vector<std::string>& row) {
    return static_cast<std::size_t>(
        std::ranges::count_if(row, [](const std::string& text) { return !trim(text).empty(); }));
  }

  // "Record 12", "Roe, Ann": alone in its row, and no label; a record may begin below it.
  bool is_heading(std::size_t row) {
    if (filled_of(rows_[row]) != 1) return false;
    const auto text = std::ranges::find_if(rows_[row], [](const auto& c) { return !c.empty(); });
    if (repeats(without_colon(*text)) || !label_within(*text).empty()) return false;
    gap_ = true;
    return true;
  }

  // Most rows are of cards: a page number may stand between.
  bool are_most(std::size_t fit, std::size_t seen) const { return fit >= 3 && fit * 8 >= seen * 7; }

  void add(std::size_t row, std::string_view label, std::string_view value, std::size_t column) {
    pairs_.push_back({label, value, {row, column}, gap_});
    gap_ = false;
    taken_[row] = true;
  }

  bool read_beside() {
    std::size_t seen = 0;
    std::size_t fit = 0;
    std::set<std::string_view> labels;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const auto& cells = rows_[row];
      if (filled_of(cells) == 0) {
        gap_ = true;
        continue;
      }
      if (is_heading(row)) continue;
      ++seen;
      bool fits = true;
      for (std::size_t i = 0; fits && i < cells.size(); i += 2) {
        const std::string_view label = without_colon(cells[i]);
        fits = label.empty() ? cell(cells, i + 1).empty() : repeats(label);
      }
      if (!fits) continue;
      ++fit;
      for (std::size_t i = 0; i < cells.size(); i += 2) {
        const std::string_view label = without_colon(cells[i]);
        if (label.empty()) continue;
        labels.insert(label);
        add(row, label, cell(cells, i + 1), i + 1);
      }
    }
    const auto answers_with_label = std::ranges::count_if(
        pairs_, [&](const Pair& pair) { return labels.contains(pair.value); });
    return are_most(fit, seen) && static_cast<std::size_t>(answers_with_label) * 10 < pairs_.size();
  }

  bool read_within() {
    std::size_t seen = 0;
    std::size_t fit = 0;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (filled_of(rows_[row]) == 0) {
        gap_ = true;
        continue;
      }
      ++seen;
      const bool fits = std::ranges::all_of(rows_[row], [&](const std::string& text) {
        if (trim(text).empty()) return true;
        const auto at = within_.find(label_within(text));
        return at != within_.end() && at->second >= kRecordsMin;
      });
      if (!fits) continue;
      ++fit;
      for (std::size_t i = 0; i < rows_[row].size(); ++i) {
        const std::string_view text = rows_[row][i];
        if (!trim(text).empty())
          add(row, label_within(text), trim(text.substr(text.find(':') + 1)), i);
      }
    }
    return are_most(fit, seen);
  }

  // A row of labels, then one of values under them.
  bool read_above() {
    std::size_t seen = 0;
    std::size_t fit = 0;
    std::optional<std::size_t> labels;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const auto& cells = rows_[row];
      if (filled_of(cells) == 0) {
        gap_ = gap_ || !labels;
        continue;
      }
      ++seen;
      if (labels) {
        fit += take_values(*labels, row) ? 2 : 0;
        labels.reset();
        continue;
      }
      const bool fits = std::ranges::all_of(cells, [&](const std::string& text) {
        return trim(text).empty() || repeats(without_colon(text));
      });
      if (fits) labels = row;
    }
    return are_most(fit, seen);
  }

  bool take_values(std::size_t labels, std::size_t row) {
    for (std::size_t i = 0; i < rows_[row].size(); ++i)
      if (!cell(rows_[row], i).empty() && cell(rows_[labels], i).empty()) return false;
    for (std::size_t i = 0; i < rows_[labels].size(); ++i)
      if (const std::string_view label = without_colon(rows_[labels][i]); !label.empty())
        add(row, label, cell(rows_[row], i), i);
    taken_[labels] = true;
    return true;
  }

  // Where records begin: at gaps if no label comes twice between two of them, else where a label
  // comes again, or one that stands before the last one in the records so far.
  std::vector<std::size_t> record_of_pairs() const {
    std::vector<std::size_t> records = by_gaps();
    return records.empty() ? by_order() : records;
  }

  std::vector<std::size_t> by_gaps() const {
    std::vector<std::size_t> records;
    std::set<std::string_view> asked;
    std::size_t record = 0;
    for (const Pair& pair : pairs_) {
      if (pair.after_gap && !records.empty()) {
        ++record;
        asked.clear();
      }
      if (!asked.insert(pair.label).second) return {};
      records.push_back(record);
    }
    return record + 1 >= kRecordsMin ? records : std::vector<std::size_t>();
  }

  std::vector<std::size_t> by_order() const {
    std::vector<std::string_view> order;  // labels as they stand in a record
    const auto place_in_order = [&](std::string_view label) {
      return static_cast<std::size_t>(std::ranges::find(order, label) - order.begin());
    };
    std::vector<std::size_t> records;
    std::size_t record = 0;
    std::size_t last = 0;
    bool begun = false;
    std::map<std::string_view, std::size_t> firsts;
    for (const Pair& pair : pairs_) {
      std::size_t at = place_in_order(pair.label);
      if (at == order.size()) {
        at = begun ? last + 1 : 0;
        order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), pair.label);
      } else if (begun && at <= last) {
        ++record;
      }
      if (records.empty() || record > records.back()) ++firsts[pair.label];
      last = at;
      begun = true;
      records.push_back(record);
    }
    // Most begin with the same label and have most labels: "Yes | Ann", "No | Kim" are no cards.
    std::size_t most = 0;
    for (const auto& [label, count] : firsts) most = std::max(most, count);
    const std::size_t count = record + 1;
    const bool alike = most * 5 >= count * 4 && pairs_.size() * 5 >= count * order.size() * 3;
    return alike ? records : std::vector<std::size_t>();
  }

  std::optional<CardTable> table_of_pairs() const {
    const std::vector<std::size_t> records = record_of_pairs();
    if (records.empty() || records.back() + 1 < kRecordsMin) return std::nullopt;
    CardTable table;
    table.taken = taken_;
    std::map<std::string_view, std::size_t> columns;
    for (const Pair& pair : pairs_)
      if (columns.try_emplace(pair.label, columns.size()).second)
        table.labels.emplace_back(pair.label);
    const std::size_t count = records.back() + 1;
    // A row each is a table whose columns hold the same throughout, unless its labels are known.
    const auto rows = static_cast<std::size_t>(std::ranges::count(taken_, true));
    const auto known = static_cast<std::size_t>(std::ranges::count_if(
        table.labels, [](const std::string& label) { return field_of_header(label).has_value(); }));
    if (rows <= count && known * 2 < table.labels.size()) return std::nullopt;
    // In a table, each record would have most of the columns; lists of one label have one.
    if (columns.size() < 2 || pairs_.size() * 5 < count * columns.size() * 2) return std::nullopt;
    table.records.assign(count, std::vector<std::string>(columns.size()));
    table.places.assign(count, std::vector<CardPlace>(columns.size()));
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const std::size_t column = columns.at(pairs_[i].label);
      table.records[records[i]][column] = std::string(pairs_[i].value);
      table.places[records[i]][column] = pairs_[i].place;
    }
    return table;
  }

  const Rows& rows_;
  std::map<std::string_view, std::size_t> times_, within_;
  std::vector<Pair> pairs_;
  std::vector<bool> taken_;
  bool gap_ = false;
};

}  // namespace

std::optional<CardTable> cards_of(const Rows& rows) {
  constexpr std::size_t kRowsMin = 6;
  if (rows.size() < kRowsMin) return std::nullopt;
  return CardFinder(rows).find();
}

}  // namespace sealift::census
