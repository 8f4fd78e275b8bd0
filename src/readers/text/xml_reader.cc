#include "readers/text/xml_reader.h"

#include <vector>

#include "readers/text/markup.h"
#include "readers/text/text_encoding.h"
#include "readers/text/tree_tables.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

constexpr std::size_t kHeldWholeMax = std::size_t{32} << 20;

// How deep the elements are that repeat: siblings of one name, the shallowest near the start.
std::size_t depth_of_rows(std::string_view start) {
  Markup markup(start, Markup::Language::xml);
  std::vector<std::string> last;  // by depth, the name of the element before
  std::size_t depth = 0;
  std::size_t best = 0;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::close && depth > 0) --depth;
    if (markup.kind() != Markup::Kind::open) continue;
    last.resize(depth + 1);
    if (last[depth] == markup.name() && (best == 0 || depth < best)) best = depth;
    last[depth++] = std::string(markup.name());
  }
  return best == 0 ? 1 : best;
}

class XmlReader {
 public:
  XmlReader(std::string_view xml, Context& context)
      : xml_(xml), markup_(xml, Markup::Language::xml), context_(context), tables_(context) {}

  void read() {
    if (xml_.size() > kHeldWholeMax) {
      stream(depth_of_rows(xml_.substr(0, std::size_t{1} << 20)));
    } else {
      while (markup_.next())
        if (markup_.kind() == Markup::Kind::open) tables_.document(tree());
    }
    tables_.finish();
  }
  bool cut() const { return cut_; }

 private:
  TreeNode tree() {
    TreeBudget budget;
    TreeNode node = take_tree(markup_, budget);
    cut_ = cut_ || budget.cut;
    return node;
  }

  void stream(std::size_t row_depth) {
    std::size_t depth = 0;
    std::string name;
    while (markup_.next() && !context_.out_of_time()) {
      if (markup_.kind() == Markup::Kind::close && depth > 0) --depth;
      if (markup_.kind() == Markup::Kind::open) {
        name = std::string(local_name(markup_.name()));
        if (depth++ < row_depth) continue;
        --depth;
        tables_.record(tree(), name);
      } else if (markup_.kind() == Markup::Kind::text) {
        std::string text;
        markup_.append_text(text);
        if (text.find_first_not_of(" \t\r\n") != std::string::npos) tables_.line(name, text);
      }
    }
  }

  std::string_view xml_;
  Markup markup_;
  Context& context_;
  TreeTables tables_;
  bool cut_ = false;
};

}  // namespace

std::string xml_charset(std::string_view start) {
  if (!start.starts_with("<?xml")) return {};
  const std::string_view declaration = start.substr(0, start.find("?>"));
  const std::size_t at = declaration.find("encoding=");
  if (at == std::string_view::npos || at + 10 >= declaration.size()) return {};
  const char quote = declaration[at + 9];
  const std::string_view rest = declaration.substr(at + 10);
  return std::string(rest.substr(0, rest.find(quote)));
}

FileEnd read_xml(base::ByteView bytes, Context& context) {
  const std::string xml = decode(bytes, xml_charset(base::text_of(bytes).substr(0, 200)));
  XmlReader reader(xml, context);
  reader.read();
  if (context.out_of_time()) return read_partly("took too long; its start was read");
  if (reader.cut()) return read_partly("has more values than may be held; its start was read");
  return read_whole();
}

}  // namespace sealift::readers
