// What people wrote into a PDF: the values of its form fields, the data of an XFA form, and notes.
//
//   Catalog /AcroForm -> /Fields*  name (/TU, else /T), value (/V), inherited downwards (/Kids)
//                     -> /XFA      one stream or (name, stream)*; "datasets" is XML
//   Page    /Annots*               /Contents of notes, comments and typed text
//
// Fields go out as "name: value" and XFA data as XML does. A damaged document gives what is there.
// Source: ISO 32000-1 sections 12.5 and 12.7. qpdf reads the objects.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

void read_pdf_forms(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
