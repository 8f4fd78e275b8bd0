// EntryPath: the name of a file or folder inside a parcel, safe to create below any folder.
//
//   path      := component ( "/" component )*
//   component := 1 to 255 bytes of UTF-8, not "." or "..",
//                without "/", "\", U+0000 to U+001F, U+007F to U+009F
//
// At most 4096 bytes and 64 components. A path that parses can be joined to an output folder by any
// program on any system without leaving it; nothing else in the tree decides that question.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealift::parcel {

class EntryPath {
 public:
  // Errors: malformed; the text says which rule was broken and never repeats the name.
  static base::Result<EntryPath> parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::vector<std::string_view> components() const;  // borrow from this

  friend auto operator<=>(const EntryPath&, const EntryPath&) = default;

 private:
  explicit EntryPath(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sealift::parcel
