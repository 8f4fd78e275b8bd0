// PowerPoint presentations before 2007 (MS-PPT): the texts of all slides and notes, in file order.
#pragma once

#include "readers/context.h"
#include "readers/pack/cfb.h"

namespace sealift::readers {

document::FileEnd read_ppt(const CompoundFile& file, Context& context);

}  // namespace sealift::readers
