// The wire form of what is read out of a file: how the sandboxed reader hands it to its parent.
//
//   stream  := frame*
//   frame   := length u32, kind u8, body        length counts kind and body
//   body    := by kind: 1 file_begin, 2 text, 3 table_rows, 4 mail_header, 5 file_end,
//              6 card
//   string  := length u32, bytes                UTF-8
//   place   := kind u8, number u32, name string
//
// All integers are little-endian. docs/formats/document_wire.md has the fields. The decoder trusts
// nothing: the bytes come from a process that has parsed hostile files.
#pragma once

#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "document/document.h"

namespace sealift::document {

using Event = std::variant<FileBegin, Text, TableRows, MailHeader, FileEnd, Card>;

// Appends one frame. The frame keeps within limits::kDocumentFrameSizeMax; longer texts and tables
// are the writer's to cut into pieces beforehand.
void append_frame(const Event& event, base::Bytes& out);

// What stands behind a frame's length field. Errors: malformed (an unknown kind or number, a string
// that is not UTF-8, bytes left over), limit (more rows or cells than a frame may hold).
base::Result<Event> parse_frame(base::ByteView kind_and_body);

// Hands an event to the sink's function for it.
void deliver(Event event, Sink& sink);

}  // namespace sealift::document
