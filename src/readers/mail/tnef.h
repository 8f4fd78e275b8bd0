// TNEF (MS-OXTNEF), the "winmail.dat" in which Outlook wraps a mail and its attachments.
//
//   file       := signature:u32 key:u16 attribute*       all numbers lowest byte first
//   attribute  := level:u8 id:u32 size:u32 byte*size sum:u16
//   properties := count:u32 property*                    the value of two attributes
//
// An attribute whose sum is wrong is damaged: what stands before it was read.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_tnef(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
