// X12 health care transactions: claims (837), payments (835), enrolment (834), eligibility and
// status (270 to 278).
//
//   interchange := ISA segment* IEA       ISA has 106 bytes; it names the separators:
//   segment     := name (separator element)* terminator
//
// Who a segment is about follows from the NM1 before it: entity codes (element 98) tell members,
// patients and guardians from providers, payers and submitters. A subscriber (HL 22), a dependent
// (HL 23), a member (INS) and a claim's payment (CLP) each begin a card. A dependent's card names
// the subscriber as parent or spouse, by the relationship that PAT or INS gives. Segments that say
// nothing of people are left out; names and notes that no reading takes go out as text.
// Source: ASC X12N 005010X222A1, X221A1, X220A1, X279A1.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_x12(base::ByteView bytes);

document::FileEnd read_x12(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
