// Mails (RFC 5322) and mail folders in mbox form.
//
// A mail's header fields and texts stand in the file itself; attachments and forwarded messages are
// files inside it. In a folder, each message is a record of the file (Place record N), and the
// attachments of all its messages are files inside the folder.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_mail(base::ByteView bytes);
bool looks_like_mbox(base::ByteView bytes);

document::FileEnd read_mail(base::ByteView bytes, Context& context);
document::FileEnd read_mbox(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
