// XML that is no document of a known kind: the text of its elements.
//
// Elements that repeat are the rows of a table, and attributes count as children (tree_tables.h).
// A large file is read as it streams: its rows are the elements at the depth where siblings first
// share a name.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_xml(base::ByteView bytes, Context& context);

// The encoding that the XML declaration names; empty if it names none.
std::string xml_charset(std::string_view start);

}  // namespace sealift::readers
