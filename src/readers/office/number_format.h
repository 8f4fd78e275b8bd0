// Cell values as a person sees them: numbers, and the dates that spreadsheets keep as numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sealift::readers {

// What a number format does to a number.
struct NumberFormat {
  enum class Kind : std::uint8_t { general, date, time, date_time, zeros } kind = Kind::general;
  int zeros = 0;  // of `zeros`: digits that are always shown
};

// Of a format code such as "yyyy\-mm\-dd" or "000000000".
NumberFormat parse_number_format(std::string_view code);
// Of the formats that have numbers and no code in the file (ECMA-376 part 1, 18.8.30).
NumberFormat builtin_number_format(std::uint32_t id);

enum class DateSystem : std::uint8_t { from_1900, from_1904 };

// Dates as ISO; numbers as written by people: no exponent, no trailing zeros.
std::string show_number(double value, NumberFormat format, DateSystem system);

// "B7" to 2, 7 (from 1); zeros if it is no such thing.
struct CellAddress {
  std::uint32_t column = 0;
  std::uint64_t row = 0;
};
CellAddress parse_cell_address(std::string_view text);

}  // namespace sealift::readers
