// Locators: where in its file a value stands, in words that a person can follow.
//
//   sheet=Payroll;cell=B4     row=5;col=2     page=2;line=14     body;line=3     slide=7
//
// Rows, columns, lines and pages count from 1. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "document/document.h"

namespace sealift::census {

// "sheet=Payroll", "page=2", "" for a file without parts.
std::string place_locator(const document::Place& place);

// `row` is the true row number, `column` counts from 0.
std::string cell_locator(const document::Place& place, std::uint32_t table, std::uint64_t row,
                         std::size_t column);

// `line` is the true line number.
std::string line_locator(const document::Place& place, std::uint64_t line);

}  // namespace sealift::census
