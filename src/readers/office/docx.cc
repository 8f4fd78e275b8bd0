#include "readers/office/docx.h"

#include <charconv>
#include <map>

#include "readers/office/package.h"
#include "readers/pack/archive.h"
#include "readers/text/flow.h"
#include "readers/text/markup.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::TextRole;

std::size_t span_of(std::string_view value) {
  std::size_t span = 1;
  std::from_chars(value.data(), value.data() + value.size(), span);
  return span < 1 || span > 1000 ? 1 : span;
}

// One part with WordprocessingML: walks its elements once.
class PartReader {
 public:
  PartReader(Context& context, std::string_view xml, TextRole role)
      : markup_(xml, Markup::Language::xml), flow_(context, {}, role) {}

  void read() {
    while (markup_.next()) {
      switch (markup_.kind()) {
        case Markup::Kind::open:
          open(local_name(markup_.name()));
          break;
        case Markup::Kind::close:
          close(local_name(markup_.name()));
          break;
        case Markup::Kind::text:
          if (in_text_) markup_.append_text(flow_.out());
          break;
      }
    }
  }

 private:
  void open(std::string_view name) {
    if (name == "t" || name == "delText" || name == "instrText") {
      in_text_ = name != "instrText";
    } else if (name == "tab" || name == "ptab") {
      flow_.out() += '\t';
    } else if (name == "br" || name == "cr") {
      flow_.out() += '\n';
    } else if (name == "noBreakHyphen") {
      flow_.out() += '-';
    } else if (name == "tbl") {
      flow_.begin_table();
    } else if (name == "tr") {
      flow_.begin_row();
    } else if (name == "tc") {
      flow_.begin_cell();
      span_ = 1;
    } else if (name == "gridSpan") {
      span_ = span_of(markup_.raw_attribute("w:val"));
    } else if (name == "txbxContent") {
      flow_.end_paragraph();
    } else if (name == "Fallback") {
      markup_.skip_element();  // the same again, for older programs
    }
  }

  void close(std::string_view name) {
    if (name == "t" || name == "delText") {
      in_text_ = false;
    } else if (name == "p") {
      flow_.end_paragraph();
    } else if (name == "tc") {
      flow_.end_cell(span_);
      span_ = 1;
    } else if (name == "tr") {
      flow_.end_row();
    } else if (name == "tbl") {
      flow_.end_table();
    }
  }

  Markup markup_;
  Flow flow_;
  bool in_text_ = false;
  std::size_t span_ = 1;
};

bool is_text_part(std::string_view name) {
  if (!name.starts_with("word/") || !name.ends_with(".xml")) return false;
  name.remove_prefix(5);
  for (const std::string_view start :
       {"document", "header", "footer", "footnotes", "endnotes", "comments"}) {
    if (name.starts_with(start)) return true;
  }
  return name.starts_with("glossary/document");
}

TextRole role_of(std::string_view name) {
  if (name.starts_with("word/header") || name.starts_with("word/footer")) {
    return TextRole::page_furniture;
  }
  return TextRole::body;
}

}  // namespace

FileEnd read_docx(base::ByteView bytes, Context& context) {
  std::map<std::string, std::string> parts;
  const PartsStatus status = walk_parts(
      bytes, context,
      [](std::string_view name) { return is_text_part(name) || is_properties_part(name); },
      [&](std::string name, std::string part) { parts.emplace(std::move(name), std::move(part)); });
  bool has_body = false;
  for (const auto& [name, part] : parts) {
    if (is_properties_part(name)) {
      read_properties_part(part, context);
      continue;
    }
    has_body = has_body || name.starts_with("word/document");
    PartReader(context, part, role_of(name)).read();
  }
  return end_of_package(status, has_body);
}

}  // namespace sealift::readers
