// Page layout: words with boxes, as PDF pages and recognised scans give them, to lines and tables.
//
//   words    -> lines     words whose middles are at one height, left to right
//   line     -> segments  words without a wide gap between them
//   lines    -> blocks    neighbouring lines that share gaps right through are a table; its columns
//                         are what stands between the gaps. Everything else is running text.
//
// A form with labels over values comes out as a table too: a value stands under its label. Two
// columns of prose are told from a table by the length of their segments, and read one by one.
#pragma once

#include <string>
#include <vector>

#include "readers/context.h"

namespace sealift::readers {

// In any unit, y downwards.
struct Word {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  std::string text;
};

// Hands the page on in reading order.
void lay_out_page(std::vector<Word> words, const document::Place& place, document::TextRole role,
                  Context& context);

}  // namespace sealift::readers
