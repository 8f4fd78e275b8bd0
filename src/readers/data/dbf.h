// dBase and FoxPro tables (.dbf).
//
//   file   := version u8, date 3 bytes, rows u32, header size u16, row size u16, ..., field*, 0x0D,
//             row*
//   field  := name (11 bytes, zeros after it), type u8, 4 bytes, length u8, decimals u8, 14 bytes
//   row    := ' ' or '*' (deleted), values of fixed width
//
// Deleted rows are still there, and are read. Memo texts are in another file (.dbt, .fpt).
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_dbf(base::ByteView bytes);

document::FileEnd read_dbf(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
