// SQLite databases, read by their file format: no SQL of a stranger's schema is run.
//
//   file    := page*                 page 1 begins with the header of 100 bytes
//   table   := b-tree of pages       interior 0x05, leaf 0x0d; WITHOUT ROWID 0x02, 0x0a
//   record  := header size, serial type*, value*      all sizes are varints
//
// Damage costs the rows of a page. Rows of a write-ahead log that were not written back are not in
// the file. BLOBs that are documents are members. Source: sqlite.org/fileformat2.html.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_sqlite(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
