#include "readers/text/json_reader.h"

#include <optional>

#include "base/limits.h"
#include "readers/text/json_cursor.h"
#include "readers/text/text_encoding.h"
#include "readers/text/text_reader.h"
#include "readers/text/tree_tables.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

// Larger documents are read as they stream: then a list is known as one by its brackets alone.
constexpr std::size_t kHeldWholeMax = std::size_t{32} << 20;
constexpr int kDepthMax = 100;

class JsonReader {
 public:
  JsonReader(std::string_view text, Context& context)
      : in_(text), context_(context), tables_(context), streams_(text.size() > kHeldWholeMax) {}

  // False: damaged or cut short.
  bool read() {
    std::optional<TreeNode> only;  // the first value, as long as it is the only one
    bool several = false;
    while (in_.good() && !in_.at_end()) {
      if (streams_ && !several && !is_one_line()) {
        stream({}, 0);
      } else {
        take(only, several);
      }
      in_.take(',');
      if (context_.out_of_time()) break;
    }
    if (only) tables_.document(*only);
    tables_.finish();
    return in_.good();
  }
  bool found_anything() const { return found_; }
  bool cut() const { return cut_; }

 private:
  // Values that follow one another are the rows of one table, as the items of a list are.
  void take(std::optional<TreeNode>& only, bool& several) {
    TreeNode value = tree({});
    if (!several && !only) {
      only = std::move(value);
      return;
    }
    if (only) tables_.record(*only, {});
    only.reset();
    several = true;
    tables_.record(value, {});
  }

  TreeNode tree(std::string name) {
    TreeBudget budget;
    TreeNode node = take_tree(in_, std::move(name), budget);
    cut_ = cut_ || budget.cut;
    found_ = found_ || !node.children.empty() || (in_.good() && !node.value.empty());
    return node;
  }

  // Whether the value that comes next ends with its line: such a file is a list of values.
  bool is_one_line() const {
    constexpr std::size_t kLineMax = std::size_t{1} << 20;
    const std::string_view rest = in_.rest().substr(0, kLineMax);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    JsonCursor line(rest.substr(0, end));
    TreeBudget budget;
    take_tree(line, {}, budget);
    return line.good() && line.at_end();
  }

  void stream(const std::string& path, int depth) {
    if (depth > kDepthMax) return in_.fail();
    const char c = in_.peek();
    if (c == '{') {
      in_.take('{');
      while (in_.good() && !in_.take('}')) {
        const std::string name = in_.string();
        if (!in_.take(':')) in_.fail();
        if (in_.good()) stream(path.empty() ? name : path + "." + name, depth + 1);
        in_.take(',');
      }
    } else if (c == '[') {
      in_.take('[');
      while (in_.good() && !in_.take(']')) {
        tables_.record(tree(path), path);
        in_.take(',');
        if (context_.out_of_time()) return in_.fail();
      }
    } else {
      tables_.line(path, c == '"' ? in_.string() : in_.scalar());
    }
    found_ = true;
  }

  JsonCursor in_;
  Context& context_;
  TreeTables tables_;
  bool streams_;
  bool found_ = false;
  bool cut_ = false;
};

}  // namespace

bool looks_like_json(base::ByteView bytes) {
  std::string_view text = base::text_of(bytes).substr(0, 4096);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const std::size_t second = text.find_first_not_of(" \t\r\n", first + 1);
  if (second == std::string_view::npos) return false;
  if (text[first] == '{') return text[second] == '"' && text.find("\":") != std::string_view::npos;
  return text[second] == '{' || text[second] == '[' || text[second] == '"';
}

FileEnd read_json(base::ByteView bytes, Context& context) {
  const std::string text = decode(bytes, "UTF-8");
  JsonReader reader(text, context);
  const bool whole = reader.read();
  if (!whole && !reader.found_anything()) return read_text(bytes, context);
  if (context.out_of_time()) return read_partly("took too long; its start was read");
  if (!whole) return read_partly("damaged or cut short; its start was read");
  if (reader.cut()) return read_partly("has more values than may be held; its start was read");
  return read_whole();
}

}  // namespace sealift::readers
