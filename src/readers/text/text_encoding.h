// Character encodings: whatever a file is written in, to UTF-8.
//
// Order of evidence: a byte order mark; the shape of UTF-16 and UTF-32 without one; well-formed
// UTF-8; a label from the file; a guess (uchardet, and letter statistics for the single-byte Latin
// encodings, which it confuses). What can't be decoded becomes U+FFFD, never an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealift::readers {

// Names an encoding as ICU knows it: "UTF-8", "UTF-16LE", "windows-1252", ...
using Charset = std::string;

// The encoding of a text, judged from its first part. nullopt: these bytes are not text.
std::optional<Charset> detect_charset(base::ByteView sample);

// EBCDIC (cp037, cp500, cp1047) as mainframes write it; its line ends become '\n'.
bool is_ebcdic_charset(std::string_view charset);
std::string decode_ebcdic(base::ByteView bytes, std::string_view charset);

// Bytes in a named encoding; unknown names and false labels end in detection. A byte order mark
// is left out. Always UTF-8.
std::string decode(base::ByteView bytes, std::string_view charset);

// A name from an archive or a mail: UTF-8 if it is, else a guess.
std::string text_of_name(std::string_view raw);

// Text of any length in pieces that end after a line. The pieces of UTF-8 files are views of the
// file: nothing is copied.
class TextPieces {
 public:
  TextPieces(base::ByteView bytes, Charset charset);

  // The next piece, valid until the next call; nullopt at the end.
  std::optional<std::string_view> next();

 private:
  std::size_t piece_end() const;
  static std::string decode_by_line(std::string_view text);

  base::ByteView rest_;
  Charset charset_;
  std::string decoded_;
};

}  // namespace sealift::readers
