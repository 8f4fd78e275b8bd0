// Trees: what JSON and XML have in common, for readers of formats that are written in both.
//
//   node := name, value or children        {"given": ["A", "B"]} and
//   <given>A</given><given>B</given>
//                                          are two nodes "given" each
//
// XML attributes are children; names are without their prefix. One tree holds one record, or one
// document of moderate size: what is larger is read as a stream of trees. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "readers/text/json_cursor.h"
#include "readers/text/markup.h"

namespace sealift::readers {

struct TreeNode {
  std::string name;
  std::string value;
  std::vector<TreeNode> children;
  bool listed = false;  // an item of a JSON array

  const TreeNode* child(std::string_view wanted) const;
  // The value at the end of a path, "name/family"; empty if absent. Of several, the first.
  std::string_view at(std::string_view path) const;
  const TreeNode* find(std::string_view path) const;
  template <typename OnChild>
  void each(std::string_view wanted, OnChild on_child) const {
    for (const TreeNode& node : children)
      if (node.name == wanted) on_child(node);
  }
};

// How large a tree may grow; one budget serves a whole tree.
struct TreeBudget {
  std::size_t nodes = 0;  // made so far
  bool cut = false;       // something was left out
};

// The value that comes next; the items of an array become children, each under its name. After
// damage the cursor is not good, and the tree holds what was there.
TreeNode take_tree(JsonCursor& in, std::string name, TreeBudget& budget);

// The element that has just been opened, up to its close.
TreeNode take_tree(Markup& markup, TreeBudget& budget);

}  // namespace sealift::readers
