// Word documents before 2007 (MS-DOC).
//
// The text stands in pieces: the File Information Block leads to the CLX, whose piece table says
// for each run of characters where it is and whether it has one byte a character or two. Tables are
// text too: cells end with 0x07, and so do rows, told apart by a paragraph property.
#pragma once

#include "readers/context.h"
#include "readers/pack/cfb.h"

namespace sealift::readers {

document::FileEnd read_doc(const CompoundFile& file, Context& context);

}  // namespace sealift::readers
