// What document packages (OOXML, ODF) share: their properties, and how their reading ends.
#pragma once

#include "readers/context.h"
#include "readers/pack/archive.h"

namespace sealift::readers {

// docProps/core.xml and the like: author, title, keywords.
bool is_properties_part(std::string_view name);
void read_properties_part(std::string_view xml, Context& context);

// `has_body`: the part that makes it a document was there.
document::FileEnd end_of_package(PartsStatus status, bool has_body);

}  // namespace sealift::readers
