#include "readers/text/xml_reader.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "readers/text/markup.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

constexpr std::size_t kDepthMax = 500;

// An element that is open.
struct Element {
  std::string name;
  std::string text;
  std::vector<std::pair<std::string, std::string>> fields;  // children that hold text alone
};

// A record is an element whose children hold text alone: it becomes a row. Records of one name that
// follow one another are one table.
class XmlReader {
 public:
  XmlReader(std::string_view xml, Context& context)
      : markup_(xml, Markup::Language::xml), context_(context) {}

  void read() {
    while (markup_.next()) {
      switch (markup_.kind()) {
        case Markup::Kind::open:
          open();
          break;
        case Markup::Kind::close:
          close();
          break;
        case Markup::Kind::text:
          if (!open_.empty()) markup_.append_text(open_.back().text);
          break;
      }
      if (context_.out_of_time()) break;
    }
    while (!open_.empty()) close();
    end_table();
    flush();
  }

 private:
  void open() {
    if (open_.size() >= kDepthMax) return;
    Element element;
    element.name = local_name(markup_.name());
    // Attributes are fields of their element.
    markup_.each_attribute([&](std::string_view name, std::string value) {
      const bool plumbing = name.starts_with("xmlns") || name.starts_with("xsi:");
      if (!plumbing && !value.empty()) {
        element.fields.emplace_back(local_name(name), std::move(value));
      }
    });
    open_.push_back(std::move(element));
  }

  static std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  void close() {
    if (open_.empty()) return;
    Element element = std::move(open_.back());
    open_.pop_back();
    std::string text = trimmed(element.text);
    if (element.fields.empty()) {
      if (text.empty()) return;
      if (open_.empty()) return line(element.name, text);
      open_.back().fields.emplace_back(std::move(element.name), std::move(text));
      return;
    }
    if (!text.empty()) element.fields.emplace_back(element.name, std::move(text));
    record(std::move(element));
  }

  void record(Element element) {
    if (element.fields.size() == 1 && element.fields[0].second.find('\n') == std::string::npos) {
      return line(element.fields[0].first, element.fields[0].second);
    }
    if (table_ == nullptr || table_name_ != element.name) {
      end_table();
      flush();
      table_ = std::make_unique<TableWriter>(context_, document::Place{});
      table_name_ = element.name;
    }
    std::vector<std::string> row(columns_.size());
    const std::size_t known = columns_.size();
    for (auto& [name, value] : element.fields) {
      auto at = std::ranges::find(columns_, name);
      if (at == columns_.end()) {
        if (columns_.size() >= limits::kRowCellsMax) continue;
        at = columns_.insert(columns_.end(), name);
      }
      const auto column = static_cast<std::size_t>(at - columns_.begin());
      if (row.size() <= column) row.resize(column + 1);
      if (!row[column].empty()) row[column] += "; ";
      row[column] += value;
    }
    if (columns_.size() > known) table_->add(columns_);
    table_->add(std::move(row));
  }

  void line(const std::string& name, const std::string& text) {
    text_.append(name).append(": ").append(text).append("\n");
    if (text_.size() > limits::kTextPieceSizeMax / 2) flush();
  }

  void end_table() {
    table_.reset();
    columns_.clear();
  }

  void flush() {
    context_.text({}, text_);
    text_.clear();
  }

  Markup markup_;
  Context& context_;
  std::vector<Element> open_;
  std::unique_ptr<TableWriter> table_;
  std::string table_name_;
  std::vector<std::string> columns_;
  std::string text_;
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
  XmlReader(xml, context).read();
  if (context.out_of_time()) return read_partly("took too long; its start was read");
  return read_whole();
}

}  // namespace sealift::readers
