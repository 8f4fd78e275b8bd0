// Fields that hold more than their label asks for.
//
//   Client:        Roe, Ann (7-Mar-1984) HC 1234 567 897      a name, a birth date, a health number
//   Mother/Father: Kim Roe - 905-555-0100                     a guardian's name and phone
//
// What is found is the same person's: role and ordinal stay. Pure function over immutable tools,
// any thread.
#pragma once

#include <vector>

#include "census/records/form_fields.h"
#include "census/records/record_reading.h"

namespace sealift::census {

// Adds the parts of `field` to `out`: the field itself where it holds one thing.
void add_parts(const FieldValue& field, const ReadingTools& tools, std::vector<FieldValue>& out);

}  // namespace sealift::census
