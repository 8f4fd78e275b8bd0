#include "readers/office/xlsx.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "readers/office/number_format.h"
#include "readers/office/package.h"
#include "readers/text/markup.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;
using Parts = std::map<std::string, std::string, std::less<>>;

struct Sheet {
  std::string name;
  std::string part;  // its member of the package
};

struct Book {
  std::vector<Sheet> sheets;
  std::vector<std::string> strings;
  std::vector<NumberFormat> formats;  // by cell style
  DateSystem dates = DateSystem::from_1900;
};

template <typename Integer>
std::optional<Integer> number_of(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view part_of(const Parts& parts, std::string_view name) {
  const auto at = parts.find(name);
  return at == parts.end() ? std::string_view() : std::string_view(at->second);
}

Markup xml(std::string_view text) { return {text, Markup::Language::xml}; }

// "worksheets/sheet1.xml" seen from "xl/", "/xl/worksheets/..." from the root, ".." upwards.
std::string resolve(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string base(folder);
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    const std::size_t slash =
        base.size() < 2 ? std::string::npos : base.rfind('/', base.size() - 2);
    base.resize(slash == std::string::npos ? 0 : slash + 1);
  }
  return base.append(target);
}

// The targets of a part, by relationship id.
std::map<std::string, std::string> read_relations(const Parts& parts, std::string_view part) {
  std::map<std::string, std::string> relations;
  const std::size_t slash = part.rfind('/');
  if (slash == std::string_view::npos) return relations;
  const std::string_view folder = part.substr(0, slash + 1);
  const std::string name =
      std::string(folder) + "_rels/" + std::string(part.substr(slash + 1)) + ".rels";
  Markup markup = xml(part_of(parts, name));
  while (markup.next()) {
    if (markup.kind() != Markup::Kind::open || local_name(markup.name()) != "Relationship")
      continue;
    relations[markup.attribute("Id")] = resolve(folder, markup.attribute("Target"));
  }
  return relations;
}

std::string id_attribute(const Markup& markup) {
  for (const std::string_view name : {"r:id", "relationships:id", "d3p1:id"}) {
    std::string id = markup.attribute(name);
    if (!id.empty()) return id;
  }
  return {};
}

void read_workbook(const Parts& parts, Book& book) {
  const auto relations = read_relations(parts, "xl/workbook.xml");
  Markup markup = xml(part_of(parts, "xl/workbook.xml"));
  while (markup.next()) {
    if (markup.kind() != Markup::Kind::open) continue;
    const std::string_view name = local_name(markup.name());
    if (name == "workbookPr") {
      const std::string_view flag = markup.raw_attribute("date1904");
      if (flag == "1" || flag == "true") book.dates = DateSystem::from_1904;
    } else if (name == "sheet") {
      const auto at = relations.find(id_attribute(markup));
      book.sheets.push_back({markup.attribute("name"), at == relations.end() ? "" : at->second});
    }
  }
}

// Sheets that the workbook does not lead to are read all the same.
void add_stray_sheets(const Parts& parts, Book& book) {
  for (const auto& [name, part] : parts) {
    if (!name.starts_with("xl/worksheets/") || !name.ends_with(".xml")) continue;
    if (std::ranges::find(book.sheets, name, &Sheet::part) == book.sheets.end()) {
      const auto nameless = std::ranges::find(book.sheets, "", &Sheet::part);
      if (nameless != book.sheets.end()) {
        nameless->part = name;
      } else {
        book.sheets.push_back({"", name});
      }
    }
  }
}

// Text of rich text: its runs, without the phonetic guide.
void read_strings(std::string_view part, std::vector<std::string>& strings) {
  Markup markup = xml(part);
  bool in_text = false;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) {
      if (in_text && !strings.empty()) markup.append_text(strings.back());
      continue;
    }
    const std::string_view name = local_name(markup.name());
    const bool open = markup.kind() == Markup::Kind::open;
    if (name == "si" && open) strings.emplace_back();
    if (name == "t") in_text = open;
    if (name == "rPh" && open) markup.skip_element();
  }
}

void read_styles(std::string_view part, std::vector<NumberFormat>& formats) {
  std::map<std::uint32_t, NumberFormat> own;
  Markup markup = xml(part);
  bool in_cell_formats = false;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) continue;
    const std::string_view name = local_name(markup.name());
    const bool open = markup.kind() == Markup::Kind::open;
    if (name == "cellXfs") in_cell_formats = open;
    if (!open) continue;
    if (name == "numFmt") {
      const auto id = number_of<std::uint32_t>(markup.raw_attribute("numFmtId"));
      if (id) own[*id] = parse_number_format(markup.attribute("formatCode"));
    } else if (name == "xf" && in_cell_formats) {
      const auto id = number_of<std::uint32_t>(markup.raw_attribute("numFmtId")).value_or(0);
      const auto at = own.find(id);
      formats.push_back(at != own.end() ? at->second : builtin_number_format(id));
    }
  }
}

// One sheet: its rows, as they come.
class SheetReader {
 public:
  SheetReader(const Book& book, Context& context, const Place& place)
      : book_(book), context_(context), table_(context, place) {}

  // False: stopped for time.
  bool read(std::string_view part) {
    Markup markup = xml(part);
    while (markup.next()) {
      switch (markup.kind()) {
        case Markup::Kind::open:
          open(markup);
          break;
        case Markup::Kind::close:
          close(local_name(markup.name()));
          break;
        case Markup::Kind::text:
          if (in_value_) markup.append_text(value_);
          break;
      }
      if (stopped_) return false;
    }
    end_row();
    return true;
  }

 private:
  void open(const Markup& markup) {
    const std::string_view name = local_name(markup.name());
    if (name == "c") {
      const CellAddress address = parse_cell_address(markup.raw_attribute("r"));
      column_ = address.column != 0 ? address.column : column_ + 1;
      type_ = markup.raw_attribute("t");
      style_ = number_of<std::uint32_t>(markup.raw_attribute("s")).value_or(0);
      value_.clear();
    } else if (name == "v" || name == "t") {
      in_value_ = true;
    } else if (name == "row") {
      end_row();
      row_number_ = number_of<std::uint64_t>(markup.raw_attribute("r")).value_or(row_number_ + 1);
      column_ = 0;
    }
  }

  void close(std::string_view name) {
    if (name == "v" || name == "t") {
      in_value_ = false;
    } else if (name == "c") {
      end_cell();
    } else if (name == "row") {
      end_row();
    }
  }

  void end_cell() {
    if (value_.empty() || column_ == 0 || column_ > limits::kRowCellsMax) return;
    if (row_.size() < column_) row_.resize(column_);
    row_[column_ - 1] = shown();
  }

  std::string shown() const {
    if (type_ == "s") {
      const auto index = number_of<std::size_t>(value_);
      return index && *index < book_.strings.size() ? book_.strings[*index] : std::string();
    }
    if (type_ == "inlineStr" || type_ == "str" || type_ == "e") return value_;
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (type_ == "d") return value_;
    const auto format = style_ < book_.formats.size() ? book_.formats[style_] : NumberFormat{};
    const auto number = number_of<double>(value_);
    return number ? show_number(*number, format, book_.dates) : value_;
  }

  void end_row() {
    if (row_.empty()) return;
    table_.add_at(row_number_, std::exchange(row_, {}));
    if (row_number_ % 256 == 0 && context_.out_of_time()) stopped_ = true;
  }

  const Book& book_;
  Context& context_;
  TableWriter table_;
  std::vector<std::string> row_;
  std::uint64_t row_number_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t style_ = 0;
  std::string type_;
  std::string value_;
  bool in_value_ = false;
  bool stopped_ = false;
};

// Comments, drawings with text, headers: all the text of a part, a line a paragraph.
void read_loose_text(std::string_view part, const Place& place, Context& context) {
  Markup markup = xml(part);
  std::string out;
  bool in_text = false;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) {
      if (in_text) markup.append_text(out);
      continue;
    }
    const std::string_view name = local_name(markup.name());
    if (name == "t") in_text = markup.kind() == Markup::Kind::open;
    const bool ends = name == "p" || name == "text" || name == "comment";
    if (ends && markup.kind() == Markup::Kind::close && !out.empty() && out.back() != '\n') {
      out += '\n';
    }
  }
  context.text(place, out);
}

bool wanted_part(std::string_view name) {
  if (is_properties_part(name)) return true;
  return name.starts_with("xl/") && (name.ends_with(".xml") || name.ends_with(".rels")) &&
         !name.starts_with("xl/theme/") && !name.starts_with("xl/calcChain");
}

// Notes and shapes that belong to a sheet.
void read_sheet_texts(const Parts& parts, const Sheet& sheet, const Place& place,
                      Context& context) {
  for (const auto& [id, target] : read_relations(parts, sheet.part)) {
    const bool has_text = target.find("omments") != std::string::npos ||
                          target.find("drawings/drawing") != std::string::npos;
    if (has_text) read_loose_text(part_of(parts, target), place, context);
  }
}

}  // namespace

FileEnd read_xlsx(base::ByteView bytes, Context& context) {
  Parts parts;
  const PartsStatus status = walk_parts(
      bytes, context, wanted_part,
      [&](std::string name, std::string part) { parts.emplace(std::move(name), std::move(part)); });
  Book book;
  read_workbook(parts, book);
  add_stray_sheets(parts, book);
  read_strings(part_of(parts, "xl/sharedStrings.xml"), book.strings);
  read_styles(part_of(parts, "xl/styles.xml"), book.formats);
  std::uint32_t number = 0;
  for (const Sheet& sheet : book.sheets) {
    const Place place{PlaceKind::sheet, ++number, sheet.name};
    if (!SheetReader(book, context, place).read(part_of(parts, sheet.part))) {
      return read_partly("took too long; the first rows were read");
    }
    read_sheet_texts(parts, sheet, place, context);
  }
  for (const auto& [name, part] : parts) {
    if (is_properties_part(name)) read_properties_part(part, context);
  }
  return end_of_package(status, !book.sheets.empty());
}

}  // namespace sealift::readers
