// JSON (RFC 8259), one value or one a line.
//
// An array of objects is a table whose header row holds the keys ("address.city" for nested ones).
// Everything else is text: "key: value", a line a value.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// The bytes begin as JSON does. A guess: read_json falls back to text.
bool looks_like_json(base::ByteView bytes);

document::FileEnd read_json(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
