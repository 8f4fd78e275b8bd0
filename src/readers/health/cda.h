// CDA and C-CDA documents (HL7 v3): a visit summary, a discharge letter, a continuity record.
//
// The header becomes one card: the patient (recordTarget), guardians and participants, and those
// who wrote or signed. What a section says of the patient in coded entries and table rows becomes
// health records of the patient; paragraphs go out as text, a body that is no XML as a member.
// Source: HL7 CDA R2, C-CDA R2.1.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_cda(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
