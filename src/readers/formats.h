// Which kind of file bytes are, by content alone: names and extensions lie.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

Recognised recognise(base::ByteView bytes);

// The first 512 bytes are a tar header: by its sum, so old tars count too.
bool is_tar(base::ByteView bytes);
// What a compressed file unpacks to is a tar. Stands in archive.cc.
bool holds_tar(base::ByteView bytes);

}  // namespace sealift::readers
