// The shape of a table: which rows are headers, which are data, which are forms.
//
//   Maple Hollow PS - Class List              a title
//   # | Student Name | OEN | Date of Birth     a header, with the section of data below it
//   1 | Adduci, Cindy | 720660646 | ...
//
//   Student | Girard, Amanda | OEN | 187-162-243     a form: labels beside their values
//   Last name | First name / Beck | Gena             a form: labels above their values, each once
//
// A form that asks the same again is a stack of cards: its cells come in blocks, one a record.
// Tables side by side, parted by an empty column, are cut first (sides_of); a table whose rows are
// what others have as columns is turned first (is_turned).
//
// A sheet may hold several sections; a header may stand in several rows, group titles above
// ("Parent / Guardian 1" over four columns). Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "census/structure/field.h"

namespace sealift::census {

using Rows = std::vector<std::vector<std::string>>;

struct LabelledCell {
  HeaderMeaning meaning;  // Field::composite: its label is not understood
  std::string label;
  std::string value = {};           // "": what the cell holds
  std::size_t row = 0, column = 0;  // of the value
  std::size_t block = 0;            // which record of a stack
};

struct TableSection {
  std::vector<std::optional<HeaderMeaning>> columns;
  std::vector<std::string> headers;  // as written, rows joined; as long as `columns`
  std::string title;                 // the lines above the header
  bool has_header = false;
  std::size_t begin = 0, end = 0;  // of the data rows
};

struct TableShape {
  std::vector<LabelledCell> form;
  std::vector<TableSection> sections;
  std::vector<std::size_t> titles;  // rows of running text, in one cell
};

TableShape shape_of(const Rows& rows);

// What a text asks for when it stands where labels do (`text` ends with a colon, or is the header
// of a pair): by the table of headers, else by the learnt weights where they are sure.
std::optional<HeaderMeaning> meaning_of_label(std::string_view text);

// First and end column of each table that stands beside others; one pair for a table alone.
std::vector<std::pair<std::size_t, std::size_t>> sides_of(const Rows& rows);

// Are people the columns? The first column holds labels, and rows are of one kind each.
bool is_turned(const Rows& rows);

// Numbers the blocks of cells that are in order: a new one begins at each repetition of the first
// label that is asked in every block.
void number_blocks(std::vector<LabelledCell>& cells);

}  // namespace sealift::census
