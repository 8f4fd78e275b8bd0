// Tables and forms drawn with spaces: lines of text whose parts stand in columns.
//
//   #   Student Name       OEN           Date of Birth
//   1   Alonzo, Abigail    188-289-623   09-Feb-2012
//
// Two or more spaces, or a tab, part columns. Without labels that are known, columns are where most
// lines begin one. Values stand under the label that they overlap; a
// line with a few cells under a full one continues it. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "census/structure/table_shape.h"

namespace sealift::census {

struct LayoutTable {
  Rows rows;
  std::vector<std::size_t> lines;  // the line (from 0) of each row
  std::size_t begin = 0, end = 0;  // bytes of the text that it covers
};

// In order, not overlapping.
std::vector<LayoutTable> layout_tables(std::string_view text);

// The whole text as one table, a row each line, if most lines are labels with their values: cards,
// perhaps (census/structure/cards.h).
std::optional<LayoutTable> lines_as_cards(std::string_view text);

}  // namespace sealift::census
