// What is read out of a file: its text and tables, each with a place that a person can open.
//
// This is the language between `extract`, which makes it from hostile bytes in a sandboxed child,
// and `census`, which reads it and never sees a file. Neither includes the other.
//
//   file     := begin_file (text | table_rows | mail_header | card)* end_file
//
// Files nest: the members of an archive and the attachments of a mail are files of their own, begun
// after begin_file of what holds them and ended before its end_file. Each file found is begun and
// ended exactly once, whatever happens while it is read. All text is UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/card.h"

namespace sealift::document {

// What became of a file. The numbers are in the wire form: never renumber.
enum class FileStatus : std::uint8_t {
  read = 1,         // everything in it was read
  partial = 2,      // some of it was read; the reason says what was not
  encrypted = 3,    // needs a password or key
  unsupported = 4,  // no reader for this kind of file
  failed = 5,       // damaged, or its reader crashed, hung or met a limit
};

// The part of a file that a text or table stands in; `number` is counted from 1.
enum class PlaceKind : std::uint8_t {
  whole = 1,   // the file has no parts
  line = 2,    // number: the first line
  page = 3,    // number: the page
  sheet = 4,   // number: the sheet, name: what it is called
  slide = 5,   // number: the slide
  body = 6,    // of a mail; number: which alternative or part
  record = 7,  // number: e.g. the message of a mail folder that is no file of its own
};

struct Place {
  PlaceKind kind = PlaceKind::whole;
  std::uint32_t number = 0;
  std::string name;
};

// What a text is, as far as its file says so. A hint for reading it, never a promise.
enum class TextRole : std::uint8_t {
  body = 1,
  heading = 2,
  page_furniture = 3,  // running header or footer
  quoted = 4,          // of an earlier mail
  recognised = 5,      // by OCR: characters may be wrong
  metadata = 6,        // author, title, comment of the file
};

// Running text, lines ending in '\n'. A file may give many, in reading order.
struct Text {
  Place place;
  TextRole role = TextRole::body;
  std::uint32_t first_line = 1;  // line number of its first line within the place
  std::string text;
};

// Consecutive rows of one table, each cell as a person sees it (dates ISO, numbers undecorated).
// A long table comes in several pieces with the same `table`; rows keep their true numbers, so
// cell B7 is rows[7 - first_row][1]. Merged cells have their text in the top left cell alone.
struct TableRows {
  Place place;
  std::uint32_t table = 1;      // which table of the file, from 1
  std::uint64_t first_row = 1;  // true row number of rows[0]
  std::vector<std::vector<std::string>> rows;
};

// One header field of a mail, decoded (RFC 2047): name as in the mail, e.g. "From".
struct MailHeader {
  std::string name;
  std::string value;
  Place place;  // whole for a mail that is a file; record for a message of a mail folder
};

// One record of a format that says itself what its values are and whose (document/card.h).
struct Card {
  Place place;
  std::vector<Fact> facts;
};

struct FileBegin {
  std::string path;    // relative to the scanned folder; '!' enters an archive or mail
  std::string format;  // short name by content, e.g. "docx", "pdf", "text"; empty if not known
  std::uint64_t size_bytes = 0;
};

struct FileEnd {
  FileStatus status = FileStatus::read;
  std::string reason;  // for everything but `read`: one short sentence, without content
};

// Receives a pile of files. Not thread-safe.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void begin_file(FileBegin file) = 0;
  virtual void text(Text text) = 0;
  virtual void table_rows(TableRows rows) = 0;
  virtual void mail_header(MailHeader header) = 0;
  virtual void card(Card card) = 0;
  virtual void end_file(FileEnd end) = 0;
};

}  // namespace sealift::document
