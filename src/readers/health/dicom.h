// DICOM files: the patient and staff in the header of a picture, a scan or a report.
//
//   file    := 128 bytes, "DICM", element*
//   element := group u16, number u16, [type 2 letters], length, value
//
// Lengths and types follow the transfer syntax that group 2 names: with types (explicit) or
// without, little or big-endian. Elements after the header's groups are pixels, and are not read;
// text that is burnt into them is not recognised. Source: DICOM PS3.5 section 7, PS3.6.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_dicom(base::ByteView bytes);

document::FileEnd read_dicom(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
