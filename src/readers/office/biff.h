// BIFF records: the stream of a workbook cut into records, and strings that cross them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::readers {

enum class BiffType : std::uint16_t {
  formula = 0x0006,
  end = 0x000A,
  header = 0x0014,
  footer = 0x0015,
  date_mode = 0x0022,
  file_password = 0x002F,
  continued = 0x003C,
  code_page = 0x0042,
  sheet = 0x0085,
  multiple_rk = 0x00BD,
  rich_string = 0x00D6,
  extended_format = 0x00E0,
  shared_strings = 0x00FC,
  shared_label = 0x00FD,
  text_object = 0x01B6,
  number = 0x0203,
  label = 0x0204,
  bool_error = 0x0205,
  string = 0x0207,
  rk = 0x027E,
  format = 0x041E,
  begin = 0x0809,
};

struct BiffRecord {
  BiffType type{};
  std::string_view bytes;
  std::vector<std::string_view> continued;  // the CONTINUE records behind it
};

// Steps through records. Borrows the stream.
class BiffReader {
 public:
  explicit BiffReader(std::string_view stream, std::size_t at = 0) : stream_(stream), at_(at) {}
  // nullopt: at the end, or where the stream is cut.
  std::optional<BiffRecord> next();

 private:
  std::string_view stream_;
  std::size_t at_;
};

// Reads through a record and its continuations. Past the end everything is zero and empty.
class BiffCursor {
 public:
  explicit BiffCursor(const BiffRecord& record);

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  void skip(std::size_t size);
  bool at_end() const { return segment_ >= segments_.size(); }

  // BIFF8: flags, characters, formatting runs. `length` in characters.
  std::string unicode_string(std::size_t length);
  // The characters alone, their width said by the flags.
  std::string characters(std::size_t length, std::uint8_t flags);

 private:
  void settle();

  std::vector<std::string_view> segments_;
  std::size_t segment_ = 0;
  std::size_t at_ = 0;
};

}  // namespace sealift::readers
