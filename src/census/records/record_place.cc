#include "census/records/record_place.h"

#include <algorithm>

namespace sealift::census {
namespace {

// 0 -> "A", 26 -> "AA".
std::string column_letters(std::size_t column) {
  std::string letters;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters += static_cast<char>('A' + (rest - 1) % 26);
  std::ranges::reverse(letters);
  return letters;
}

std::string with_separator(std::string place) {
  if (!place.empty()) place += ';';
  return place;
}

}  // namespace

std::string place_locator(const document::Place& place) {
  const std::string number = std::to_string(place.number);
  switch (place.kind) {
    case document::PlaceKind::page:
      return "page=" + number;
    case document::PlaceKind::sheet:
      return "sheet=" + (place.name.empty() ? number : place.name);
    case document::PlaceKind::slide:
      return "slide=" + number;
    case document::PlaceKind::body:
      return "body";
    case document::PlaceKind::record:
      return "record=" + number;
    case document::PlaceKind::whole:
    case document::PlaceKind::line:
      break;
  }
  return "";
}

std::string cell_locator(const document::Place& place, std::uint32_t table, std::uint64_t row,
                         std::size_t column) {
  std::string locator = with_separator(place_locator(place));
  if (place.kind == document::PlaceKind::sheet) {
    locator.append("cell=").append(column_letters(column)).append(std::to_string(row));
    return locator;
  }
  if (table > 1 && table < 0x80000000)
    locator.append("table=").append(std::to_string(table)).push_back(';');
  locator.append("row=").append(std::to_string(row));
  locator.append(";col=").append(std::to_string(column + 1));
  return locator;
}

std::string line_locator(const document::Place& place, std::uint64_t line) {
  return with_separator(place_locator(place)) + "line=" + std::to_string(line);
}

}  // namespace sealift::census
