// The elements and relations of a record as one value of the case (docs/formats/case.md).
//
//   content  := count element* count relation*
//   element  := type flags [confidence] text text     value, locator
//   relation := kind other
//
// type, flags (1 day and month unsure, 2 recognised, 4 a confidence other than 1 follows as 32
// bits) and kind are a byte each; confidence is an IEEE float, lowest byte first; counts, `other`
// and the sizes before texts are LEB128. Relations are in order and no two are the same. Pure, any
// thread.
#pragma once

#include "base/bytes.h"
#include "census/records/record.h"

namespace sealift::census {

// Puts the content of `record` in place of what `out` holds; relations point `first_ordinal`
// further.
void pack_content(const Record& record, std::uint32_t first_ordinal, base::Bytes& out);

// Sets elements and relations; false when the bytes are no content, and then both are of no use.
bool unpack_content(base::ByteView content, Record& record);

}  // namespace sealift::census
