// Trees to tables: exports in JSON and XML, whatever their shape.
//
//   what repeats is a table, each item a row:      {"patients": [{...}, {...}]}, <row>...</row>*
//   objects under keys of their own are rows too:  {"1001": {...}, "1002": {...}, "1003": {...}}
//   nested values are columns by path:             "first name", "guardian phone"
//   a few repeated parts are numbered columns:     "kin 1 name", "kin 2 name"
//   many are a table of their own, each row with the plain values of what holds it
//   the rest is text, "path: value", a line a value
//
// Tables go out in pieces that each begin with their header: later rows may bring new columns.
// Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "readers/context.h"
#include "readers/text/tree.h"

namespace sealift::readers {

class TreeTables {
 public:
  explicit TreeTables(Context& context) : context_(context) {}

  // A whole document: finds what repeats.
  void document(const TreeNode& root);
  // One row of the table called `name`; its columns are the paths below `node`.
  void record(const TreeNode& node, const std::string& name);
  // "path: value" beside the tables.
  void line(std::string_view path, std::string_view value);
  // Hands on what is gathered.
  void finish();

 private:
  struct Table {
    std::map<std::string, std::size_t, std::less<>> columns;
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
    std::size_t bytes = 0;
    std::uint64_t next_row = 1;
  };
  using Cells = std::vector<std::pair<std::string, std::string>>;

  void walk(const TreeNode& node, const std::string& path, int depth);
  void flatten(const TreeNode& node, const std::string& path, Cells& cells, int depth);
  void add_row(const std::string& name, Cells cells);
  void hand_on(Table& table);
  void flush_text();

  Context& context_;
  std::map<std::string, Table, std::less<>> tables_;
  std::string text_;
  std::uint32_t line_ = 1;
};

}  // namespace sealift::readers
