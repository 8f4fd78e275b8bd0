#include "readers/text/tree_tables.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace sealift::readers {
namespace {

constexpr std::size_t kNumberedMax = 4;    // repeated parts that become columns
constexpr std::size_t kColumnsMax = 2000;  // of one table
constexpr int kDepthMax = 200;

bool is_leaf(const TreeNode& node) { return node.children.empty(); }

std::string joined(const std::string& path, std::string_view name) {
  if (path.empty()) return std::string(name);
  return path + "." + std::string(name);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Words of a path that say where a value is kept, and nothing of whose or what it is.
bool is_plumbing(std::string_view word) {
  constexpr std::array<std::string_view, 22> kWords = {
      "profile",     "contact",      "data",       "attributes", "fields",   "person",
      "personal",    "info",         "details",    "record",     "identity", "ids",
      "identifiers", "demographics", "properties", "values",     "item",     "entry",
      "resource",    "metadata",     "document",   "row"};
  return std::ranges::find(kWords, word) != kWords.end();
}

// "profile.name.first" -> "first name", "guardian.contact.phone" -> "guardian phone": a path as
// somebody would write it above a column.
std::string label_of(std::string_view path) {
  constexpr std::array<std::string_view, 7> kNameParts = {"first",  "last", "middle", "given",
                                                          "family", "full", "maiden"};
  std::vector<std::string> words;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view word = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (path.empty() || !is_plumbing(word)) words.emplace_back(word);
  }
  const std::size_t count = words.size();
  if (count >= 2 && words[count - 2] == "name" &&
      std::ranges::find(kNameParts, std::string_view(words.back())) != kNameParts.end())
    std::swap(words[count - 2], words[count - 1]);
  std::string label;
  for (const std::string& word : words) (label += label.empty() ? "" : " ") += word;
  return label;
}

// Labels of all columns; one that two columns would share keeps its whole path.
std::vector<std::string> labels_of(const std::vector<std::string>& paths) {
  std::vector<std::string> labels;
  std::map<std::string, int> uses;
  for (const std::string& path : paths) ++uses[labels.emplace_back(label_of(path))];
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (uses[labels[i]] > 1) labels[i] = paths[i];
  return labels;
}

// Children of one name, in the order of the first of each.
using Groups = std::vector<std::pair<std::string_view, std::vector<const TreeNode*>>>;

Groups groups_of(const TreeNode& node) {
  Groups groups;
  std::map<std::string_view, std::size_t> known;
  for (const TreeNode& child : node.children) {
    const auto [at, fresh] = known.try_emplace(child.name, groups.size());
    if (fresh) groups.push_back({child.name, {}});
    groups[at->second].second.push_back(&child);
  }
  return groups;
}

bool repeats(const std::vector<const TreeNode*>& group) {
  const bool complex = std::ranges::any_of(group, [](const TreeNode* n) { return !is_leaf(*n); });
  return complex && (group.size() > 1 || group.front()->listed);
}

// {"1001": {...}, "1002": {...}}: at least three objects that have most of their keys in common.
bool is_keyed_list(const TreeNode& node, const Groups& groups) {
  constexpr std::size_t kItemsMin = 3;
  if (node.children.size() < kItemsMin || groups.size() != node.children.size()) return false;
  const TreeNode& first = node.children.front();
  std::size_t alike = 0;
  for (const TreeNode& item : node.children) {
    if (is_leaf(item)) return false;
    const auto shared = std::ranges::count_if(
        item.children, [&](const TreeNode& child) { return first.child(child.name) != nullptr; });
    alike += static_cast<std::size_t>(shared) * 2 >= item.children.size() ? 1 : 0;
  }
  return first.children.size() > 1 && alike * 10 >= node.children.size() * 9;
}

// A single record: it has values of its own, and no list in it is long.
bool is_record(const Groups& groups) {
  std::size_t values = 0;
  for (const auto& [name, group] : groups) {
    if (is_leaf(*group.front()) && !group.front()->value.empty()) ++values;
    if (group.size() > kNumberedMax && repeats(group)) return false;
  }
  return values >= 2;
}

}  // namespace

void TreeTables::document(const TreeNode& root) { walk(root, {}, 0); }

void TreeTables::walk(const TreeNode& node, const std::string& path, int depth) {
  if (depth > kDepthMax) return;
  const Groups groups = groups_of(node);
  if (depth > 0 && is_record(groups)) return record(node, path);
  if (is_keyed_list(node, groups)) {
    for (const TreeNode& item : node.children) {
      Cells cells = {{"id", item.name}};
      flatten(item, {}, cells, 0);
      add_row(path, std::move(cells));
    }
    return;
  }
  if (!node.value.empty()) line(path.empty() ? node.name : path, node.value);
  for (const auto& [name, group] : groups) {
    const std::string inner = joined(path, name);
    if (repeats(group)) {
      for (const TreeNode* item : group) record(*item, inner);
      continue;
    }
    for (const TreeNode* child : group) {
      if (is_leaf(*child)) {
        line(inner, child->value);
      } else {
        walk(*child, inner, depth + 1);
      }
    }
  }
}

void TreeTables::record(const TreeNode& node, const std::string& name) {
  Cells cells;
  flatten(node, {}, cells, 0);
  if (is_leaf(node)) cells.emplace_back("value", node.value);
  add_row(name, std::move(cells));
}

void TreeTables::flatten(const TreeNode& node, const std::string& path, Cells& cells, int depth) {
  if (depth > kDepthMax) return;
  if (!node.value.empty() && !is_leaf(node))
    cells.emplace_back(path.empty() ? node.name : path, node.value);
  const Groups groups = groups_of(node);
  for (const auto& [name, group] : groups) {
    const std::string inner = joined(path, name);
    if (group.size() == 1 && !is_leaf(*group.front())) {
      flatten(*group.front(), inner, cells, depth + 1);
    } else if (!repeats(group)) {
      for (const TreeNode* child : group) cells.emplace_back(inner, child->value);
    } else if (group.size() <= kNumberedMax) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        const std::string numbered = inner + " " + std::to_string(i + 1);
        if (is_leaf(*group[i])) cells.emplace_back(numbered, group[i]->value);
        flatten(*group[i], numbered, cells, depth + 1);
      }
    } else {
      for (const TreeNode* item : group) {
        Cells row;
        flatten(*item, {}, row, depth + 1);
        for (const TreeNode& own : node.children)
          if (is_leaf(own)) row.emplace_back(joined(node.name, own.name), own.value);
        add_row(inner, std::move(row));
      }
    }
  }
}

void TreeTables::add_row(const std::string& name, Cells cells) {
  Table& table = tables_[name];
  std::vector<std::string> row(table.names.size());
  for (auto& [column, value] : cells) {
    if (value.empty()) continue;
    auto at = table.columns.find(column);
    if (at == table.columns.end()) {
      if (table.names.size() >= kColumnsMax) continue;
      at = table.columns.emplace(column, table.names.size()).first;
      table.names.push_back(column);
    }
    if (row.size() <= at->second) row.resize(at->second + 1);
    std::string& cell = row[at->second];
    if (!cell.empty()) cell += "; ";
    cell += value;
    table.bytes += value.size();
  }
  table.rows.push_back(std::move(row));
  if (table.rows.size() + 2 >= limits::kTablePieceRowsMax ||
      table.bytes >= limits::kTablePieceSizeMax)
    hand_on(table);
}

void TreeTables::hand_on(Table& table) {
  if (table.rows.empty()) return;
  TableWriter writer(context_, {});
  // Rows that are arrays have positions for columns, and bring a header of their own if any.
  const bool positions = std::ranges::all_of(table.names, [](const std::string& column) {
    return column.size() < 5 && is_number(column);
  });
  if (!positions) writer.add_at(table.next_row++, labels_of(table.names));
  for (std::vector<std::string>& row : table.rows) writer.add_at(table.next_row++, std::move(row));
  table.rows.clear();
  table.bytes = 0;
}

void TreeTables::line(std::string_view path, std::string_view value) {
  if (value.empty()) return;
  if (!path.empty()) text_.append(path).append(": ");
  text_.append(value).append("\n");
  if (text_.size() > limits::kTextPieceSizeMax / 2) flush_text();
}

void TreeTables::flush_text() {
  context_.text({}, text_, document::TextRole::body, line_);
  line_ += static_cast<std::uint32_t>(std::ranges::count(text_, '\n'));
  text_.clear();
}

void TreeTables::finish() {
  flush_text();
  for (auto& [name, table] : tables_) hand_on(table);
  tables_.clear();
}

}  // namespace sealift::readers
