// Cards: records as blocks of labels and values, told by what repeats, whatever the labels say.
//
//   PERS_NM | Roe, Ann | BRTH | 1984-03-07      labels beside their values
//   PH      | 905-555-0100
//
//   PERS_NM  | BRTH / Roe, Ann | 1984-03-07     labels above them, in every block again
//   PERS_NM: Roe, Ann | BRTH: 1984-03-07        labels in the same cell
//
// Labels come again in every record, in the same order; values hardly do. Turned into the table
// that the same records would be, cards are read as any table is: each label is a column, with all
// its values as witnesses. Fewer than three records are a form instead. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "census/structure/table_shape.h"

namespace sealift::census {

struct CardPlace {
  std::size_t row = 0, column = 0;
};

struct CardTable {
  std::vector<std::string> labels;             // of the columns
  Rows records;                                // a row each
  std::vector<std::vector<CardPlace>> places;  // of each cell of `records`
  std::vector<bool> taken;                     // by row of the sheet: it belongs to a card
};

std::optional<CardTable> cards_of(const Rows& rows);

}  // namespace sealift::census
