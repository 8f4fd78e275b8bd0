// XML that is no document of a known kind: the text of its elements.
//
// An element whose children hold text alone is a record: records of one name that follow one
// another are a table with the children's names as its header. Everything else is "name: value", a
// line an element. Attributes count as children.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_xml(base::ByteView bytes, Context& context);

// The encoding that the XML declaration names; empty if it names none.
std::string xml_charset(std::string_view start);

}  // namespace sealift::readers
