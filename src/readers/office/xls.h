// Excel workbooks before 2007: BIFF8 (97-2003) and BIFF5 in a compound file (MS-XLS).
//
//   stream := record*          record := type u16, size u16, bytes
//   workbook globals (formats, shared strings, where the sheets are), then one substream a sheet
//
// Strings longer than a record go on in CONTINUE records, each of which says anew whether its
// characters have one byte or two.
#pragma once

#include "readers/context.h"
#include "readers/pack/cfb.h"

namespace sealift::readers {

document::FileEnd read_xls(const CompoundFile& file, Context& context);

}  // namespace sealift::readers
