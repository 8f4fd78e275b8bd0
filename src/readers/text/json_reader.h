// JSON (RFC 8259), one value or one a line.
//
// Values that follow one another, and lists within a value, are tables (tree_tables.h).
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// The bytes begin as JSON does. A guess: read_json falls back to text.
bool looks_like_json(base::ByteView bytes);

document::FileEnd read_json(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
