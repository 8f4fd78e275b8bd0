#include "census/structure/second_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "census/structure/field_kinds.h"

namespace sealift::census::internal {
namespace {

bool identifies_somebody(Field field) {
  const auto type = element_type_of(field);
  return type && is_number_of_one_person(*type);
}

class SecondTable {
 public:
  SecondTable(const TableSection& section, const Rows& rows, const std::vector<Column>& columns,
              const std::vector<bool>& names)
      : section_(section), rows_(rows), columns_(columns), names_(names) {}

  // Two tables side by side, without a gap between: most kinds are there twice, each with other
  // values. The second one begins with a name between them.
  std::optional<std::size_t> find() const {
    constexpr std::size_t kKindsMin = 3;
    std::map<std::pair<Field, Subject>, std::vector<std::size_t>> columns_of;
    std::size_t known = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& meaning = columns_[i].meaning;
      if (!meaning || is_vague(*meaning) || meaning->field == Field::middle_name) continue;
      columns_of[{meaning->field, meaning->subject}].push_back(i);
      ++known;
    }
    std::size_t twice = 0;
    bool numbered = false;
    std::size_t last_first = 0;
    std::size_t first_second = columns_.size();
    for (const auto& [kind, at] : columns_of) {
      if (at.size() != 2 || are_equal(at[0], at[1])) continue;
      ++twice;
      numbered = numbered || kind.first == Field::birth_date || identifies_somebody(kind.first) ||
                 kind.first == Field::property_roll;
      last_first = std::max(last_first, at[0]);
      first_second = std::min(first_second, at[1]);
    }
    if (!numbered || twice < kKindsMin || twice * 10 < known * 3 || last_first >= first_second)
      return std::nullopt;
    std::size_t begin = first_second;
    for (std::size_t i = first_second; i > last_first; --i) {
      if (!may_begin_table(i)) continue;
      begin = i;
      break;
    }
    return begin;
  }

 private:
  bool may_begin_table(std::size_t i) const {
    const auto& meaning = columns_[i].meaning;
    const auto named = subject_of_header(section_.headers[i]);
    if (named && named->subject != Subject::self) return false;
    if (!meaning) return names_[i];
    return meaning->subject == Subject::self &&
           (meaning->field == Field::full_name || meaning->field == Field::last_name ||
            meaning->field == Field::composite);
  }

  // The same column again.
  bool are_equal(std::size_t a, std::size_t b) const {
    std::size_t same = 0;
    std::size_t both = 0;
    for (std::size_t row = section_.begin; row < section_.end; ++row) {
      const auto& cells = rows_[row];
      if (std::max(a, b) >= cells.size() || cells[a].empty() || cells[b].empty()) continue;
      ++both;
      same += cells[a] == cells[b] ? 1 : 0;
    }
    return same * 2 >= both;
  }

  const TableSection& section_;
  const Rows& rows_;
  const std::vector<Column>& columns_;
  const std::vector<bool>& names_;
};

}  // namespace

std::optional<std::size_t> second_table_at(const TableSection& section, const Rows& rows,
                                           const std::vector<Column>& columns,
                                           const std::vector<bool>& names) {
  return SecondTable(section, rows, columns, names).find();
}

}  // namespace sealift::census::internal
