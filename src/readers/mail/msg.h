// Outlook messages (MS-OXMSG): a message's properties are streams of a compound file; recipients,
// attachments and attached messages are storages in it.
#pragma once

#include "readers/context.h"
#include "readers/pack/cfb.h"

namespace sealift::readers {

document::FileEnd read_msg(const CompoundFile& file, Context& context);

// Compressed RTF (MS-OXRTFCP); empty if damaged.
std::string decompress_rtf(std::string_view bytes);

}  // namespace sealift::readers
