// Excel 2003 XML ("XML Spreadsheet"), also saved as .xls.
//
//   Workbook := Worksheet*,  Worksheet := Table,  Table := Row*,  Row := Cell*
//   Cell     := Data [Comment]        ss:Index skips cells and rows, ss:MergeAcross covers cells
//
// Comments go out as text, as those of xlsx do.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_spreadsheet_xml(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
