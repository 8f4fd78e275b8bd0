#include "readers/office/spreadsheet_xml.h"

#include <charconv>
#include <optional>

#include "base/limits.h"
#include "readers/text/markup.h"
#include "readers/text/text_encoding.h"
#include "readers/text/xml_reader.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;

// An attribute whatever its prefix is.
std::string attribute(const Markup& markup, std::string_view wanted) {
  std::string found;
  markup.each_attribute([&](std::string_view name, std::string value) {
    if (local_name(name) == wanted) found = std::move(value);
  });
  return found;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class SheetReader {
 public:
  SheetReader(std::string_view xml, Context& context)
      : markup_(xml, Markup::Language::xml), context_(context) {}

  bool read() {
    while (markup_.next()) {
      if (markup_.kind() == Markup::Kind::text) {
        if (target_ != nullptr) markup_.append_text(*target_);
        continue;
      }
      const std::string_view name = local_name(markup_.name());
      if (markup_.kind() == Markup::Kind::open) {
        open(name);
      } else {
        close(name);
      }
      if (context_.out_of_time()) break;
    }
    writer_.reset();
    return ended_;
  }

 private:
  void open(std::string_view name) {
    if (name == "Worksheet") {
      place_ = {PlaceKind::sheet, place_.number + 1, attribute(markup_, "Name")};
      writer_.emplace(context_, place_);
      row_number_ = 0;
    } else if (name == "Row") {
      const std::uint64_t index = number(attribute(markup_, "Index"));
      row_number_ = index > row_number_ ? index : row_number_ + 1;
      row_.clear();
    } else if (name == "Cell") {
      const std::uint64_t index = number(attribute(markup_, "Index"));
      if (index > row_.size() && index <= limits::kRowCellsMax) row_.resize(index - 1);
      covered_ = number(attribute(markup_, "MergeAcross"));
      if (row_.size() < limits::kRowCellsMax) row_.emplace_back();
    } else if (name == "Data") {
      date_ = attribute(markup_, "Type") == "DateTime";
      target_ = comment_open_ || row_.empty() ? &comment_ : &row_.back();
    } else if (name == "Comment") {
      comment_open_ = true;
    }
  }

  void close(std::string_view name) {
    if (name == "Data") {
      constexpr std::string_view kMidnight = "T00:00:00.000";
      if (date_ && !row_.empty() && row_.back().ends_with(kMidnight))
        row_.back().resize(row_.back().size() - kMidnight.size());
      target_ = nullptr;
    } else if (name == "Cell") {
      const std::size_t size = row_.size() + covered_;
      if (covered_ > 0 && size <= limits::kRowCellsMax) row_.resize(size);
    } else if (name == "Row" && writer_) {
      writer_->add_at(row_number_, std::move(row_));
      row_.clear();
    } else if (name == "Comment") {
      comment_open_ = false;
      if (!comment_.empty()) context_.text(place_, comment_ + "\n");
      comment_.clear();
    }
    ended_ = ended_ || name == "Workbook";
  }

  Markup markup_;
  Context& context_;
  std::optional<TableWriter> writer_;
  Place place_{PlaceKind::sheet, 0, {}};
  std::uint64_t row_number_ = 0;
  std::vector<std::string> row_;
  std::uint64_t covered_ = 0;  // cells beside the one that is open
  std::string comment_;
  std::string* target_ = nullptr;  // where text goes
  bool comment_open_ = false;
  bool date_ = false;
  bool ended_ = false;
};

}  // namespace

FileEnd read_spreadsheet_xml(base::ByteView bytes, Context& context) {
  const std::string xml = decode(bytes, xml_charset(base::text_of(bytes).substr(0, 200)));
  const bool whole = SheetReader(xml, context).read();
  if (context.out_of_time()) return read_partly("took too long; the first rows were read");
  return whole ? read_whole() : read_partly("damaged or cut short; what is there was read");
}

}  // namespace sealift::readers
