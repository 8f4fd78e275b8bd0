// HL7 v2 messages, alone, in batches, framed for the wire (MLLP), or within the lines of a log.
//
//   messages := ([FHS] [BHS]) (message) * ([BTS] [FTS])
//   message  := MSH segment*                segments end with '\r', '\n' or both
//   segment  := name (separator field)*     the separator and four others are given by MSH
//   field    := repetition ('~' repetition)*,  component ('^'),  subcomponent ('&')
//
// A patient (PID and what follows) becomes a card: relatives (NK1, GT1, IN1) and physicians are
// parties of their own. Segments without a reading go out as text, so that they are searched;
// documents inside OBX (ED, base64) are members. Source: HL7 v2.5.1 chapters 2, 3, 6.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_hl7(base::ByteView bytes);

document::FileEnd read_hl7(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
