// Recognition of characters in pictures, with tesseract in English and French.
#pragma once

#include <memory>

#include "readers/context.h"
#include "readers/pages/page_layout.h"

namespace sealift::readers {

// What was recognised on one page.
struct Recognition {
  std::vector<Word> words;
  std::size_t letters = 0;  // of all words, doubted ones too
  double sure = 0;          // 0 to 100: how sure the engine is of a letter on average

  // How much was read, for comparing ways to turn a page.
  double weight() const { return static_cast<double>(letters) * sure * sure; }
  bool doubtful() const;
};

// "2 pages could hardly be read"
std::string hardly_read(std::uint32_t pages);

// Loads the language data: call before the sandbox closes. Null when it is not installed.
std::unique_ptr<Ocr> load_ocr();

// A picture file. Read in the pass over scans; until then it waits.
document::FileEnd read_picture(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
