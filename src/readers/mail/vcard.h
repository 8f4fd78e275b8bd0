// vCard (2.1, 3.0, 4.0) and iCalendar.
//
//   line := [group "."] name (";" parameter)* ":" value        continued lines begin with a space,
//                                                              or follow '=' in quoted-printable
//
// A contact is a card (document/card.h); an event's attendees are one each. Notes, summaries and
// what no kind of fact fits go out as text, "NAME: value"; pictures, sounds and keys are left out.
// Source: RFC 6350, 2426, 5545; vCard 2.1 (versit).
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_vcard(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
