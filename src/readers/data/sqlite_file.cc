#include "readers/data/sqlite_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/limits.h"
#include "base/utf8.h"
#include "readers/data/database.h"
#include "readers/data/sql_schema.h"
#include "readers/little_endian.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using Row = std::vector<std::string>;

constexpr std::size_t kHeaderSize = 100;
constexpr int kDepthMax = 40;
constexpr std::size_t kRecordSizeMax = std::size_t{64} << 20;
constexpr std::size_t kDocumentMin = 64;

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | u8_at(bytes, at + i);
  return value;
}

// Reads a varint and steps over it.
std::uint64_t take_varint(std::string_view bytes, std::size_t& at) {
  constexpr int kBytesMax = 9;
  std::uint64_t value = 0;
  for (int i = 0; i < kBytesMax; ++i) {
    const std::uint8_t byte = u8_at(bytes, at++);
    if (i == kBytesMax - 1) return (value << 8U) | byte;
    value = (value << 7U) | (byte & 0x7FU);
    if ((byte & 0x80U) == 0) break;
  }
  return value;
}

std::string text_of_real(double value) {
  if (std::isfinite(value) && value == std::floor(value) && std::fabs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

enum class Encoding : std::uint8_t { utf8 = 1, utf16_little = 2, utf16_big = 3 };

struct SqliteTable {
  std::uint32_t root = 0;
  bool without_rowid = false;
  std::optional<std::size_t> rowid_column;  // INTEGER PRIMARY KEY: its values are the row ids
  std::vector<std::size_t> stored_order;    // WITHOUT ROWID: the key's columns come first
};

class SqliteFile final : public DatabaseSource {
 public:
  SqliteFile(std::string_view bytes, Context& context) : bytes_(bytes), context_(context) {
    page_size_ = static_cast<std::size_t>(big_endian(bytes, 16, 2));
    if (page_size_ == 1) page_size_ = 65536;
    reserved_ = u8_at(bytes, 20);
    const auto encoding = big_endian(bytes, 56, 4);
    encoding_ = encoding == 2   ? Encoding::utf16_little
                : encoding == 3 ? Encoding::utf16_big
                                : Encoding::utf8;
    if (good()) read_schema();
  }

  bool good() const {
    return bytes_.size() >= kHeaderSize && page_size_ >= 512 && std::has_single_bit(page_size_) &&
           page_size_ - reserved_ >= 480;
  }
  bool damaged() const { return damaged_; }

  const std::vector<DatabaseTable>& tables() const override { return tables_; }
  void each_row(const OnRow& on_row) override;

 private:
  using OnRecord = std::function<bool(std::uint64_t row_id, std::string_view record)>;
  struct Cell {
    std::uint64_t row_id = 0;
    std::string_view record;
  };

  std::string_view page(std::uint32_t number) const {
    const std::size_t at = (std::size_t{number} - 1) * page_size_;
    return number == 0 || at >= bytes_.size() ? std::string_view() : bytes_.substr(at, page_size_);
  }
  void read_schema();
  void add_table(const Row& row);
  bool walk(std::uint32_t number, int depth, const OnRecord& on_record);
  bool walk_page(std::string_view page, std::size_t header, int depth, const OnRecord& on_record);
  std::string_view payload(std::string_view page, std::size_t at, std::uint64_t size, bool leaf);
  Row values(std::string_view record);
  std::string value(std::string_view record, std::size_t at, std::uint64_t type);
  void document(std::string_view bytes);

  std::string_view bytes_;
  Context& context_;
  std::size_t page_size_ = 0;
  std::size_t reserved_ = 0;
  Encoding encoding_ = Encoding::utf8;
  std::vector<DatabaseTable> tables_;
  std::vector<SqliteTable> places_;
  std::string overflow_;
  std::size_t pages_walked_ = 0;
  std::uint32_t documents_ = 0;
  std::uint32_t documents_out_ = 0;
  bool damaged_ = false;
};

// A record, put together from its overflow pages where it has some.
std::string_view SqliteFile::payload(std::string_view page, std::size_t at, std::uint64_t size,
                                     bool leaf_of_table) {
  const std::size_t usable = page_size_ - reserved_;
  const std::size_t local_max = leaf_of_table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  if (size <= local_max) return page.substr(std::min(at, page.size()), size);
  if (size > kRecordSizeMax) {
    damaged_ = true;
    return {};
  }
  const std::size_t local_min = (usable - 12) * 32 / 255 - 23;
  std::size_t local = local_min + (size - local_min) % (usable - 4);
  if (local > local_max) local = local_min;
  overflow_ = std::string(page.substr(std::min(at, page.size()), local));
  auto next = static_cast<std::uint32_t>(big_endian(page, at + local, 4));
  while (overflow_.size() < size) {
    const std::string_view more = this->page(next);
    if (more.size() < usable) {
      damaged_ = true;
      break;
    }
    overflow_ += more.substr(4, std::min<std::size_t>(size - overflow_.size(), usable - 4));
    next = static_cast<std::uint32_t>(big_endian(more, 0, 4));
  }
  return overflow_;
}

bool SqliteFile::walk(std::uint32_t number, int depth, const OnRecord& on_record) {
  const std::string_view page = this->page(number);
  // Pages that point in a circle would be walked for ever.
  const std::size_t pages = bytes_.size() / page_size_ + 1;
  if (depth > kDepthMax || page.size() < page_size_ || ++pages_walked_ > pages * 2) {
    damaged_ = true;
    return true;
  }
  return walk_page(page, number == 1 ? kHeaderSize : 0, depth, on_record);
}

bool SqliteFile::walk_page(std::string_view page, std::size_t header, int depth,
                           const OnRecord& on_record) {
  const std::uint8_t kind = u8_at(page, header);
  const bool interior = kind == 0x05 || kind == 0x02;
  const bool table = kind == 0x05 || kind == 0x0D;
  if (!interior && kind != 0x0D && kind != 0x0A) {
    damaged_ = true;
    return true;
  }
  const auto cells = static_cast<std::size_t>(big_endian(page, header + 3, 2));
  const std::size_t pointers = header + (interior ? 12 : 8);
  for (std::size_t i = 0; i < cells && pointers + 2 * i + 2 <= page.size(); ++i) {
    auto at = static_cast<std::size_t>(big_endian(page, pointers + 2 * i, 2));
    if (interior) {
      const auto child = static_cast<std::uint32_t>(big_endian(page, at, 4));
      if (!walk(child, depth + 1, on_record)) return false;
      at += 4;
      if (table) continue;
    }
    const std::uint64_t size = take_varint(page, at);
    const std::uint64_t row_id = table ? take_varint(page, at) : 0;
    if (!on_record(row_id, payload(page, at, size, table))) return false;
  }
  if (!interior) return true;
  return walk(static_cast<std::uint32_t>(big_endian(page, header + 8, 4)), depth + 1, on_record);
}

// Tables may be walked twice; a document goes out the first time.
void SqliteFile::document(std::string_view bytes) {
  if (bytes.size() < kDocumentMin || base::is_utf8(bytes)) return;
  if (++documents_ <= documents_out_) return;
  documents_out_ = documents_;
  if (context_.may_unpack(bytes.size()))
    context_.member("value " + std::to_string(documents_), base::bytes_of(bytes));
}

std::string SqliteFile::value(std::string_view record, std::size_t at, std::uint64_t type) {
  constexpr std::array<std::size_t, 7> kSizes = {0, 1, 2, 3, 4, 6, 8};
  if (type == 0) return {};
  if (type <= 6) {
    const std::size_t size = kSizes.at(static_cast<std::size_t>(type));
    const std::uint64_t raw = big_endian(record, at, size);
    const unsigned shift = 64 - 8 * static_cast<unsigned>(size);
    return std::to_string(static_cast<std::int64_t>(raw << shift) >> shift);
  }
  if (type == 7) return text_of_real(std::bit_cast<double>(big_endian(record, at, 8)));
  if (type == 8 || type == 9) return type == 8 ? "0" : "1";
  if (type < 12) return {};
  const std::string_view text = record.substr(std::min(at, record.size()), (type - 12) / 2);
  if (type % 2 == 0) {
    document(text);
    return base::is_utf8(text) && text.find('\0') == std::string_view::npos ? std::string(text)
                                                                            : std::string();
  }
  if (encoding_ == Encoding::utf16_little) return text_of_utf16(text);
  if (encoding_ == Encoding::utf16_big) {
    std::string swapped(text);
    for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
    return text_of_utf16(swapped);
  }
  return base::is_utf8(text) ? std::string(text) : std::string();
}

Row SqliteFile::values(std::string_view record) {
  Row row;
  std::size_t at = 0;
  const std::uint64_t header = take_varint(record, at);
  if (header > record.size()) return row;
  std::size_t body = header;
  while (at < header && row.size() < limits::kRowCellsMax) {
    const std::uint64_t type = take_varint(record, at);
    constexpr std::array<std::size_t, 10> kSizes = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    const std::size_t size =
        type < 10 ? kSizes.at(static_cast<std::size_t>(type)) : (type < 12 ? 0 : (type - 12) / 2);
    row.push_back(value(record, body, type));
    if (size > record.size()) break;
    body += size;
  }
  return row;
}

// A row of sqlite_schema: type, name, tbl_name, rootpage, sql.
void SqliteFile::add_table(const Row& row) {
  if (row.size() < 5 || row[0] != "table" || row[1].starts_with("sqlite_")) return;
  if (tables_.size() >= limits::kDatabaseTablesMax) return;
  DatabaseTable table;
  SqliteTable place;
  table.name = row[1];
  std::from_chars(row[3].data(), row[3].data() + row[3].size(), place.root);
  SqlLexer lexer(row[4], Backslash::letter);
  while (!lexer.at_end() && !lexer.peek().is('(')) lexer.next();
  take_sql_definitions(lexer, table);
  if (place.root == 0 || table.columns.empty()) return;
  while (!lexer.at_end())
    place.without_rowid = lexer.next().is_word("WITHOUT") || place.without_rowid;
  const auto key = std::ranges::find(table.columns, table.key);
  if (key != table.columns.end()) {
    const auto index = static_cast<std::size_t>(key - table.columns.begin());
    if (place.without_rowid) {
      place.stored_order.push_back(index);
    } else {
      place.rowid_column = index;
    }
  }
  if (place.without_rowid) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (std::ranges::find(place.stored_order, i) == place.stored_order.end())
        place.stored_order.push_back(i);
  }
  tables_.push_back(std::move(table));
  places_.push_back(std::move(place));
}

void SqliteFile::read_schema() {
  walk(1, 0, [&](std::uint64_t, std::string_view record) {
    add_table(values(record));
    return true;
  });
}

void SqliteFile::each_row(const OnRow& on_row) {
  documents_ = 0;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    pages_walked_ = 0;
    const SqliteTable& place = places_[i];
    const bool wanted = walk(place.root, 0, [&](std::uint64_t row_id, std::string_view record) {
      Row row = values(record);
      if (place.rowid_column && *place.rowid_column < row.size() &&
          row[*place.rowid_column].empty())
        row[*place.rowid_column] = std::to_string(static_cast<std::int64_t>(row_id));
      if (place.without_rowid) {
        Row placed(tables_[i].columns.size());
        for (std::size_t c = 0; c < std::min(row.size(), place.stored_order.size()); ++c)
          placed[place.stored_order[c]] = std::move(row[c]);
        row = std::move(placed);
      }
      return on_row(i, std::move(row));
    });
    if (!wanted) return;
  }
}

}  // namespace

FileEnd read_sqlite(base::ByteView bytes, Context& context) {
  SqliteFile file(base::text_of(bytes), context);
  if (!file.good()) return read_failed("its header is damaged");
  FileEnd end = read_database(file, context);
  if (end.status == document::FileStatus::read && file.damaged())
    return read_partly("damaged or cut short; what is there was read");
  return end;
}

}  // namespace sealift::readers
