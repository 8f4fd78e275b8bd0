// The shape of a table: which rows are headers, which are data, which are forms.
//
//   Maple Hollow PS - Class List              a title
//   # | Student Name | OEN | Date of Birth     a header, with the section of data below it
//   1 | Adduci, Cindy | 720660646 | ...
//
//   Student | Girard, Amanda | OEN | 187-162-243     a form: labels beside their values
//   Last name | First name / Beck | Gena             a form: labels above their values, each once
//
// A sheet may hold several sections; a header may stand in several rows, group titles above
// ("Parent / Guardian 1" over four columns). Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "census/structure/field.h"

namespace sealift::census {

using Rows = std::vector<std::vector<std::string>>;

struct LabelledCell {
  HeaderMeaning meaning;
  std::string label;
  std::size_t row = 0, column = 0;  // of the value
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

}  // namespace sealift::census
