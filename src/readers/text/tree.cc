#include "readers/text/tree.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::readers {
namespace {

constexpr int kDepthMax = 200;

bool may_grow(TreeBudget& budget) {
  budget.cut = budget.cut || budget.nodes >= limits::kTreeNodesMax;
  return !budget.cut && ++budget.nodes > 0;
}

void take_value(JsonCursor& in, TreeNode& node, TreeBudget& budget, int depth);

// Appends the items of an array to `to`, all under one name. An array within it is an item whose
// parts are named by their position: "1", "2".
void take_items(JsonCursor& in, const std::string& name, std::vector<TreeNode>& to,
                TreeBudget& budget, int depth) {
  if (depth > kDepthMax) return in.fail();
  in.take('[');
  while (in.good() && !in.take(']')) {
    TreeNode item;
    item.name = name;
    item.listed = true;
    if (in.peek() == '[') {
      take_items(in, {}, item.children, budget, depth + 1);
      for (std::size_t i = 0; i < item.children.size(); ++i) {
        item.children[i].name = std::to_string(i + 1);
        item.children[i].listed = false;
      }
    } else {
      take_value(in, item, budget, depth + 1);
    }
    if (may_grow(budget)) to.push_back(std::move(item));
    in.take(',');
  }
}

void take_value(JsonCursor& in, TreeNode& node, TreeBudget& budget, int depth) {
  if (depth > kDepthMax) return in.fail();
  const char c = in.peek();
  if (c == '[') return take_items(in, node.name, node.children, budget, depth);
  if (c != '{') {
    node.value = c == '"' ? in.string() : in.scalar();
    return;
  }
  in.take('{');
  while (in.good() && !in.take('}')) {
    std::string name = in.string();
    if (!in.take(':')) in.fail();
    if (!in.good()) return;
    if (in.peek() == '[') {
      take_items(in, name, node.children, budget, depth + 1);
    } else {
      TreeNode child;
      child.name = std::move(name);
      take_value(in, child, budget, depth + 1);
      if (may_grow(budget)) node.children.push_back(std::move(child));
    }
    in.take(',');
  }
}

void trim(std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return text.clear();
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

TreeNode element_of(const Markup& markup, TreeBudget& budget) {
  TreeNode node;
  node.name = local_name(markup.name());
  markup.each_attribute([&](std::string_view name, std::string value) {
    if (name.starts_with("xmlns") || value.empty() || !may_grow(budget)) return;
    TreeNode attribute;
    attribute.name = local_name(name);
    attribute.value = std::move(value);
    node.children.push_back(std::move(attribute));
  });
  return node;
}

}  // namespace

const TreeNode* TreeNode::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &TreeNode::name);
  return found == children.end() ? nullptr : &*found;
}

const TreeNode* TreeNode::find(std::string_view path) const {
  const TreeNode* node = this;
  while (node != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    node = node->child(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return node;
}

std::string_view TreeNode::at(std::string_view path) const {
  const TreeNode* node = find(path);
  return node == nullptr ? std::string_view{} : std::string_view(node->value);
}

TreeNode take_tree(JsonCursor& in, std::string name, TreeBudget& budget) {
  TreeNode node;
  node.name = std::move(name);
  take_value(in, node, budget, 0);
  return node;
}

TreeNode take_tree(Markup& markup, TreeBudget& budget) {
  std::vector<TreeNode> open;
  open.push_back(element_of(markup, budget));
  const auto close = [&] {
    TreeNode done = std::move(open.back());
    open.pop_back();
    trim(done.value);
    if (!open.empty()) {
      if (may_grow(budget)) open.back().children.push_back(std::move(done));
      return TreeNode{};
    }
    return done;
  };
  std::size_t deeper = 0;  // elements below the depth that is kept
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) {
      markup.append_text(open.back().value);
    } else if (markup.kind() == Markup::Kind::open) {
      if (open.size() >= kDepthMax) {
        ++deeper;
        budget.cut = true;
      } else {
        open.push_back(element_of(markup, budget));
      }
    } else if (deeper > 0) {
      --deeper;
    } else {
      if (open.size() == 1) return close();
      close();
    }
  }
  while (open.size() > 1) close();
  return close();
}

}  // namespace sealift::readers
