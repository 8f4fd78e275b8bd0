#include "readers/office/xls.h"

#include <algorithm>
#include <bit>
#include <map>

#include "readers/little_endian.h"
#include "readers/office/biff.h"
#include "readers/office/number_format.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;

constexpr std::uint16_t kBiff8 = 0x0600;
constexpr std::uint32_t kStringsMax = 20'000'000;
constexpr std::uint32_t kWorksheet = 0;

struct Sheet {
  std::string name;
  std::uint32_t at = 0;  // of its substream
  std::uint8_t kind = 0;
};

struct Book {
  bool is_biff8 = true;
  bool encrypted = false;
  bool cut = false;
  std::string charset = "windows-1252";  // of BIFF5
  DateSystem dates = DateSystem::from_1900;
  std::vector<Sheet> sheets;
  std::vector<std::string> strings;
  std::map<std::uint32_t, NumberFormat> formats;
  std::vector<std::uint32_t> cell_formats;  // format by cell style

  NumberFormat format_of(std::uint32_t style) const {
    if (style >= cell_formats.size()) return {};
    const std::uint32_t id = cell_formats[style];
    const auto at = formats.find(id);
    return at != formats.end() ? at->second : builtin_number_format(id);
  }
};

std::string charset_of_code_page(std::uint16_t page) {
  if (page == 1200) return "UTF-16LE";
  if (page == 10000 || page == 32768) return "macintosh";
  if (page == 367 || page == 32769) return "windows-1252";
  return page < 1000 ? "ibm-" + std::to_string(page) : "windows-" + std::to_string(page);
}

std::string narrow(std::string_view bytes, const Book& book) {
  return decode(base::bytes_of(bytes), book.charset);
}

void read_shared_strings(const BiffRecord& record, Book& book) {
  BiffCursor in(record);
  in.skip(4);  // how often they are used
  const std::uint32_t count = std::min(in.u32(), kStringsMax);
  for (std::uint32_t i = 0; i < count && !in.at_end(); ++i) {
    const std::uint16_t length = in.u16();
    book.strings.push_back(in.unicode_string(length));
  }
}

void read_sheet_entry(const BiffRecord& record, Book& book) {
  BiffCursor in(record);
  Sheet sheet;
  sheet.at = in.u32();
  in.skip(1);
  sheet.kind = in.u8();
  const std::uint8_t length = in.u8();
  sheet.name =
      book.is_biff8
          ? in.characters(length, in.u8())
          : narrow(record.bytes.substr(std::min<std::size_t>(7, record.bytes.size())), book);
  book.sheets.push_back(std::move(sheet));
}

void read_global(const BiffRecord& record, Book& book) {
  BiffCursor in(record);
  switch (record.type) {
    case BiffType::begin:
      book.is_biff8 = in.u16() == kBiff8;
      break;
    case BiffType::file_password:
      book.encrypted = true;
      break;
    case BiffType::code_page:
      book.charset = charset_of_code_page(in.u16());
      break;
    case BiffType::date_mode:
      if (in.u16() == 1) book.dates = DateSystem::from_1904;
      break;
    case BiffType::format: {
      const std::uint16_t id = in.u16();
      const std::string code =
          book.is_biff8
              ? in.unicode_string(in.u16())
              : std::string(record.bytes.substr(std::min<std::size_t>(3, record.bytes.size())));
      book.formats[id] = parse_number_format(code);
      break;
    }
    case BiffType::extended_format:
      in.skip(2);
      book.cell_formats.push_back(in.u16());
      break;
    case BiffType::sheet:
      read_sheet_entry(record, book);
      break;
    case BiffType::shared_strings:
      read_shared_strings(record, book);
      break;
    default:
      break;
  }
}

// A number in 30 bits: an integer or the upper half of a double, perhaps times 100.
double number_of_rk(std::uint32_t rk) {
  double value = 0;
  if ((rk & 2U) != 0) {
    value = static_cast<double>(static_cast<std::int32_t>(rk) >> 2);
  } else {
    value = std::bit_cast<double>(static_cast<std::uint64_t>(rk & 0xFFFFFFFCU) << 32);
  }
  return (rk & 1U) != 0 ? value / 100 : value;
}

std::string error_text(std::uint8_t code) {
  switch (code) {
    case 0x00:
      return "#NULL!";
    case 0x07:
      return "#DIV/0!";
    case 0x0F:
      return "#VALUE!";
    case 0x17:
      return "#REF!";
    case 0x1D:
      return "#NAME?";
    case 0x24:
      return "#NUM!";
    default:
      return "#N/A";
  }
}

class SheetReader {
 public:
  SheetReader(const Book& book, Context& context, Place place)
      : book_(book), context_(context), place_(std::move(place)), table_(context, place_) {}

  // False: the stream ends before the sheet does.
  bool read(std::string_view stream, std::size_t at) {
    BiffReader records(stream, at);
    int depth = 0;  // charts stand inside sheets
    while (const auto record = records.next()) {
      if (record->type == BiffType::begin) ++depth;
      if (record->type == BiffType::end && --depth <= 0) break;
      if (depth >= 1) take(*record);
      if (stopped_) break;
    }
    end_row();
    table_.flush();
    context_.text(place_, notes_);
    return depth <= 0 && !stopped_;
  }
  bool stopped() const { return stopped_; }

 private:
  void take(const BiffRecord& record) {
    BiffCursor in(record);
    switch (record.type) {
      case BiffType::shared_label: {
        const Position at = position(in);
        const std::uint32_t index = in.u32();
        if (index < book_.strings.size()) put(at, book_.strings[index]);
        break;
      }
      case BiffType::label:
      case BiffType::rich_string:
        label(record, in);
        break;
      case BiffType::number: {
        const Position at = position(in);
        put(at, shown(double_at(record.bytes, 6), at.style));
        break;
      }
      case BiffType::rk: {
        const Position at = position(in);
        put(at, shown(number_of_rk(in.u32()), at.style));
        break;
      }
      case BiffType::multiple_rk:
        multiple(record, in);
        break;
      case BiffType::bool_error: {
        const Position at = position(in);
        const std::uint8_t value = in.u8();
        put(at, in.u8() != 0 ? error_text(value) : (value != 0 ? "TRUE" : "FALSE"));
        break;
      }
      case BiffType::formula:
        formula(record, in);
        break;
      case BiffType::string:
        if (waiting_) {
          put(*waiting_,
              book_.is_biff8
                  ? in.unicode_string(in.u16())
                  : narrow(record.bytes.substr(std::min<std::size_t>(2, record.bytes.size())),
                           book_));
        }
        waiting_.reset();
        break;
      case BiffType::text_object:
        text_object(record);
        break;
      case BiffType::header:
      case BiffType::footer:
        if (book_.is_biff8 && !record.bytes.empty()) notes_ += in.unicode_string(in.u16()) + '\n';
        break;
      default:
        break;
    }
  }

  struct Position {
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    std::uint32_t style = 0;
  };

  static Position position(BiffCursor& in) {
    Position at;
    at.row = in.u16();
    at.column = in.u16();
    at.style = in.u16();
    return at;
  }

  void label(const BiffRecord& record, BiffCursor& in) {
    const Position at = position(in);
    const std::uint16_t length = in.u16();
    put(at, book_.is_biff8
                ? in.unicode_string(length)
                : narrow(record.bytes.substr(std::min<std::size_t>(8, record.bytes.size()), length),
                         book_));
  }

  void multiple(const BiffRecord& record, BiffCursor& in) {
    Position at;
    at.row = in.u16();
    at.column = in.u16();
    const std::size_t count = record.bytes.size() < 6 ? 0 : (record.bytes.size() - 6) / 6;
    for (std::size_t i = 0; i < count; ++i, ++at.column) {
      at.style = in.u16();
      put(at, shown(number_of_rk(in.u32()), at.style));
    }
  }

  // The result of the last calculation; a text follows in a record of its own.
  void formula(const BiffRecord& record, BiffCursor& in) {
    const Position at = position(in);
    if (u16_at(record.bytes, 12) != 0xFFFF) {
      put(at, shown(double_at(record.bytes, 6), at.style));
      return;
    }
    switch (u8_at(record.bytes, 6)) {
      case 0:
        waiting_ = at;
        break;
      case 1:
        put(at, u8_at(record.bytes, 8) != 0 ? "TRUE" : "FALSE");
        break;
      case 2:
        put(at, error_text(u8_at(record.bytes, 8)));
        break;
      default:
        break;
    }
  }

  // Comments and text boxes: their characters stand in the first continuation.
  void text_object(const BiffRecord& record) {
    const std::size_t length = u16_at(record.bytes, 10);
    if (length == 0 || record.continued.empty()) return;
    BiffRecord characters{
        record.type, record.continued[0], {record.continued.begin() + 1, record.continued.end()}};
    BiffCursor in(characters);
    const std::uint8_t flags = in.u8();
    notes_ += in.characters(length, flags) + '\n';
  }

  std::string shown(double value, std::uint32_t style) const {
    return show_number(value, book_.format_of(style), book_.dates);
  }

  // Cells come row by row; a file that jumps back starts the table anew.
  void put(const Position& at, std::string text) {
    if (at.row != row_number_) {
      end_row();
      row_number_ = at.row;
    }
    if (row_.size() <= at.column) row_.resize(at.column + std::size_t{1});
    row_[at.column] = std::move(text);
  }

  void end_row() {
    if (row_.empty()) return;
    table_.add_at(std::uint64_t{row_number_} + 1, std::exchange(row_, {}));
    if (row_number_ % 256 == 0 && context_.out_of_time()) stopped_ = true;
  }

  const Book& book_;
  Context& context_;
  Place place_;
  TableWriter table_;
  std::uint32_t row_number_ = 0;
  std::vector<std::string> row_;
  std::optional<Position> waiting_;
  std::string notes_;
  bool stopped_ = false;
};

Book read_globals(std::string_view stream) {
  Book book;
  BiffReader records(stream);
  bool first = true;
  while (true) {
    const auto record = records.next();
    if (!record) {
      book.cut = true;
      break;
    }
    if (!first && record->type == BiffType::end) break;
    read_global(*record, book);
    first = false;
    if (book.encrypted) break;
  }
  return book;
}

}  // namespace

FileEnd read_xls(const CompoundFile& file, Context& context) {
  std::string stream = file.read("Workbook");
  if (stream.empty()) stream = file.read("Book");
  if (stream.empty()) return read_failed("damaged: its workbook cannot be found");
  const Book book = read_globals(stream);
  if (book.encrypted) return needs_password();
  if (book.sheets.empty()) return read_failed("damaged: it lists no sheets");
  bool cut = book.cut;
  std::uint32_t number = 0;
  for (const Sheet& sheet : book.sheets) {
    ++number;
    if (sheet.kind != kWorksheet && sheet.kind != 2) continue;  // 2: charts, whose labels are text
    SheetReader reader(book, context, {PlaceKind::sheet, number, sheet.name});
    cut = !reader.read(stream, sheet.at) || cut;
    if (reader.stopped()) return read_partly("took too long; the first rows were read");
  }
  return cut ? read_partly("damaged or cut short; what is there was read") : read_whole();
}

}  // namespace sealift::readers
