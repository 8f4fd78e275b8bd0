// Outlook's mail stores (PST, OST), through libpff.
//
// Each item is a record of the file, in the order of the folders; its place names the folder.
// Attachments and attached messages are files inside the store. Items that no folder leads to are
// read too, and what the folders count is compared with what was found.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_pst(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
