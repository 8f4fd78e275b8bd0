#include "readers/data/dbf.h"

#include <algorithm>
#include <array>

#include "readers/little_endian.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFieldSize = 32;
constexpr std::size_t kNameSize = 11;
constexpr std::size_t kFieldsMax = 1024;

struct Field {
  std::string name;
  char type = 'C';
  std::size_t size = 0;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t zero = text.find('\0');
  text = text.substr(0, zero);
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<Field> fields_of(std::string_view bytes) {
  std::vector<Field> fields;
  const std::size_t end = std::min<std::size_t>(u16_at(bytes, 8), bytes.size());
  for (std::size_t at = kHeaderSize; at + kFieldSize <= end && bytes[at] != '\x0D';
       at += kFieldSize) {
    Field field;
    field.name = std::string(trimmed(bytes.substr(at, kNameSize)));
    field.type = bytes[at + kNameSize];
    field.size = u8_at(bytes, at + 16);
    // Character fields over 255 bytes keep the high byte where others have their decimals.
    if (field.type == 'C') field.size |= std::size_t{u8_at(bytes, at + 17)} << 8U;
    if (fields.size() < kFieldsMax) fields.push_back(std::move(field));
  }
  return fields;
}

// Language driver ids; 0 is for detection.
std::string charset_of(std::uint8_t id) {
  switch (id) {
    case 0x01:
      return "IBM437";
    case 0x02:
    case 0x37:
      return "IBM850";
    case 0x03:
    case 0x57:
    case 0x58:
    case 0x59:
      return "windows-1252";
    case 0xC8:
      return "windows-1250";
    case 0xC9:
      return "windows-1251";
    default:
      return "";
  }
}

std::string value_of(const Field& field, std::string_view raw, const std::string& charset) {
  if (field.type == 'I' && raw.size() == 4)
    return std::to_string(static_cast<std::int32_t>(u32_at(raw, 0)));
  if (field.type == 'M' || field.type == 'G' || field.type == 'B' || field.type == 'P') return {};
  const std::string_view text = trimmed(raw);
  const bool plain = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  std::string value = plain ? std::string(text) : decode(base::bytes_of(text), charset);
  if (field.type == 'D' && value.size() == 8) value.insert(6, "-").insert(4, "-");
  return value;
}

}  // namespace

bool looks_like_dbf(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  if (text.size() < kHeaderSize + kFieldSize + 1) return false;
  constexpr std::array<unsigned char, 10> kVersions = {0x02, 0x03, 0x30, 0x31, 0x32,
                                                       0x43, 0x83, 0x8B, 0xF5, 0xFB};
  const bool version = std::ranges::find(kVersions, u8_at(text, 0)) != kVersions.end();
  const std::uint8_t month = u8_at(text, 2);
  const std::uint8_t day = u8_at(text, 3);
  const std::size_t header = u16_at(text, 8);
  if (!version || month > 12 || day > 31 || header < kHeaderSize + kFieldSize) return false;
  const std::vector<Field> fields = fields_of(text);
  std::size_t size = 1;
  for (const Field& field : fields) {
    const bool named = !field.name.empty() && std::ranges::all_of(field.name, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             c == '_' || (c & 0x80) != 0;
    });
    if (!named || field.type < 'A' || field.type > 'Z') return false;
    size += field.size;
  }
  return !fields.empty() && size == u16_at(text, 10);
}

FileEnd read_dbf(base::ByteView bytes, Context& context) {
  const std::string_view text = base::text_of(bytes);
  const std::vector<Field> fields = fields_of(text);
  const std::uint64_t rows = u32_at(text, 4);
  const std::size_t row_size = u16_at(text, 10);
  const std::string charset = charset_of(u8_at(text, 29));
  TableWriter writer(context, {});
  std::vector<std::string> header;
  bool memos = false;
  for (const Field& field : fields) {
    header.push_back(field.name);
    memos = memos || field.type == 'M';
  }
  writer.add(std::move(header));
  std::size_t at = u16_at(text, 8);
  for (std::uint64_t i = 0; i < rows; ++i, at += row_size) {
    if (at + row_size > text.size())
      return read_partly("cut short; the rows that are there were read");
    std::vector<std::string> row;
    std::size_t cell = at + 1;
    for (const Field& field : fields) {
      row.push_back(value_of(field, text.substr(cell, field.size), charset));
      cell += field.size;
    }
    writer.add(std::move(row));
    if (context.out_of_time()) return read_partly("took too long; the first rows were read");
  }
  if (memos) return read_partly("its memo texts are in another file");
  return read_whole();
}

}  // namespace sealift::readers
