#include "readers/office/odf.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "base/limits.h"
#include "readers/office/package.h"
#include "readers/text/flow.h"
#include "readers/text/markup.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;

std::uint64_t count_of(std::string_view value) {
  std::uint64_t count = 1;
  std::from_chars(value.data(), value.data() + value.size(), count);
  return std::max<std::uint64_t>(count, 1);
}

// Walks content.xml, styles.xml or a flat file once. Text documents and slides go through a Flow;
// the tables of a spreadsheet are sheets.
class ContentReader {
 public:
  ContentReader(Context& context, std::string_view xml, TextRole role)
      : context_(context),
        markup_(xml, Markup::Language::xml),
        role_(role),
        flow_(context, {}, role) {}

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
          if (paragraphs_ > 0) append_collapsed();
          break;
      }
      if (context_.out_of_time()) return;
    }
  }

 private:
  // White space in the XML is layout; spaces that count are elements.
  void append_collapsed() {
    std::string text;
    markup_.append_text(text);
    std::string& out = target();
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (space && (out.empty() || out.back() == ' ' || out.back() == '\n')) continue;
      out += space ? ' ' : c;
    }
  }

  std::string& target() {
    if (annotations_ > 0) return annotation_;
    return in_sheet_ ? cell_ : flow_.out();
  }

  void open(std::string_view name) {
    if (name == "spreadsheet") in_spreadsheet_ = true;
    if (name == "tracked-changes" || name == "meta" || name == "settings") {
      if (name != "tracked-changes") markup_.skip_element();
    } else if (name == "p" || name == "h") {
      ++paragraphs_;
    } else if (name == "s") {
      target().append(std::min<std::uint64_t>(count_of(markup_.raw_attribute("text:c")), 256), ' ');
    } else if (name == "tab") {
      target() += '\t';
    } else if (name == "line-break") {
      target() += '\n';
    } else if (name == "annotation") {
      ++annotations_;
    } else if (in_spreadsheet_) {
      open_in_sheet(name);
    } else {
      open_in_text(name);
    }
  }

  void open_in_text(std::string_view name) {
    if (name == "table") {
      flow_.begin_table();
    } else if (name == "table-row") {
      flow_.begin_row();
    } else if (name == "table-cell" || name == "covered-table-cell") {
      flow_.begin_cell();
    }
  }

  void open_in_sheet(std::string_view name) {
    if (name == "table") {
      sheet_name_ = markup_.attribute("table:name");
      table_ =
          std::make_unique<TableWriter>(context_, Place{PlaceKind::sheet, ++sheets_, sheet_name_});
      row_number_ = 0;
      in_sheet_ = true;
    } else if (name == "table-row") {
      row_repeats_ = count_of(markup_.raw_attribute("table:number-rows-repeated"));
      row_.clear();
      empty_before_ = 0;
    } else if (name == "table-cell" || name == "covered-table-cell") {
      cell_.clear();
      cell_repeats_ = count_of(markup_.raw_attribute("table:number-columns-repeated"));
      value_ = cell_value();
    }
  }

  // Dates and plain numbers as they are kept: what is shown depends on the machine's language.
  std::string cell_value() const {
    const std::string_view type = markup_.raw_attribute("office:value-type");
    if (type == "date") {
      std::string date(markup_.raw_attribute("office:date-value"));
      if (date.ends_with("T00:00:00")) date.resize(date.size() - 9);
      std::ranges::replace(date, 'T', ' ');
      return date;
    }
    return {};
  }

  void close(std::string_view name) {
    if (name == "p" || name == "h") {
      if (paragraphs_ > 0) --paragraphs_;
      if (annotations_ > 0 || in_sheet_) {
        std::string& out = target();
        if (!out.empty() && out.back() != '\n') out += '\n';
      } else {
        flow_.end_paragraph();
      }
    } else if (name == "annotation") {
      if (--annotations_ <= 0) end_annotation();
    } else if (in_spreadsheet_) {
      close_in_sheet(name);
    } else if (name == "table") {
      flow_.end_table();
    } else if (name == "table-row") {
      flow_.end_row();
    } else if (name == "table-cell" || name == "covered-table-cell") {
      flow_.end_cell();
    }
  }

  void close_in_sheet(std::string_view name) {
    if (name == "table-cell" || name == "covered-table-cell") {
      end_sheet_cell();
    } else if (name == "table-row") {
      // Empty rows stand for the rest of the sheet; rows with text are rarely meant to repeat.
      const std::uint64_t copies = row_.empty() ? 0 : std::min<std::uint64_t>(row_repeats_, 1000);
      for (std::uint64_t i = 0; i < copies && table_ != nullptr; ++i) {
        table_->add_at(row_number_ + i + 1, row_);
      }
      row_number_ += row_repeats_;
    } else if (name == "table") {
      table_.reset();
      in_sheet_ = false;
    } else if (name == "spreadsheet") {
      in_spreadsheet_ = false;
    }
  }

  void end_sheet_cell() {
    while (!cell_.empty() && (cell_.back() == '\n' || cell_.back() == ' ')) cell_.pop_back();
    const std::string& shown = value_.empty() ? cell_ : value_;
    // Columns up to here that are empty are only made when something follows.
    empty_before_ += shown.empty() ? cell_repeats_ : 0;
    if (shown.empty()) return;
    const std::uint64_t start =
        std::min<std::uint64_t>(row_.size() + empty_before_, limits::kRowCellsMax);
    row_.resize(start);
    empty_before_ = 0;
    const std::uint64_t end = std::min<std::uint64_t>(start + cell_repeats_, limits::kRowCellsMax);
    row_.resize(end, shown);
  }

  void end_annotation() {
    annotations_ = 0;
    const Place place = in_sheet_ ? Place{PlaceKind::sheet, sheets_, sheet_name_} : Place{};
    context_.text(place, annotation_, role_);
    annotation_.clear();
  }

  Context& context_;
  Markup markup_;
  TextRole role_;
  Flow flow_;
  int paragraphs_ = 0;
  int annotations_ = 0;
  std::string annotation_;

  bool in_spreadsheet_ = false;
  bool in_sheet_ = false;
  std::uint32_t sheets_ = 0;
  std::string sheet_name_;
  std::unique_ptr<TableWriter> table_;
  std::uint64_t row_number_ = 0;
  std::uint64_t row_repeats_ = 1;
  std::uint64_t cell_repeats_ = 1;
  std::uint64_t empty_before_ = 0;
  std::vector<std::string> row_;
  std::string cell_;
  std::string value_;
};

// Parts are encrypted one by one, and the manifest says so.
bool is_encrypted(std::string_view manifest) {
  return manifest.find("encryption-data") != std::string_view::npos;
}

}  // namespace

FileEnd read_odf(base::ByteView bytes, Context& context) {
  std::map<std::string, std::string> parts;
  const auto wanted = [](std::string_view name) {
    return name == "content.xml" || name == "styles.xml" || name == "META-INF/manifest.xml" ||
           (name.starts_with("Object ") && name.ends_with("/content.xml")) ||
           is_properties_part(name);
  };
  const PartsStatus status = walk_parts(
      bytes, context, wanted,
      [&](std::string name, std::string part) { parts.emplace(std::move(name), std::move(part)); });
  if (is_encrypted(parts["META-INF/manifest.xml"])) return needs_password();
  bool has_body = false;
  for (const auto& [name, part] : parts) {
    if (is_properties_part(name)) {
      read_properties_part(part, context);
    } else if (name.ends_with("content.xml")) {
      has_body = has_body || name == "content.xml";
      ContentReader(context, part, TextRole::body).read();
    } else if (name == "styles.xml") {
      ContentReader(context, part, TextRole::page_furniture).read();
    }
  }
  if (context.out_of_time()) return read_partly("took too long; its start was read");
  return end_of_package(status, has_body);
}

FileEnd read_flat_odf(base::ByteView bytes, Context& context) {
  const std::string xml = decode(bytes, "UTF-8");
  ContentReader(context, xml, TextRole::body).read();
  return read_whole();
}

}  // namespace sealift::readers
