#include "readers/compound.h"

#include "readers/mail/msg.h"
#include "readers/office/doc.h"
#include "readers/office/ppt.h"
#include "readers/office/xls.h"
#include "readers/pack/cfb.h"

namespace sealift::readers {
namespace {

using base::ByteView;
using document::FileEnd;

template <FileEnd (*kRead)(const CompoundFile&, Context&)>
FileEnd read_with(ByteView bytes, Context& context) {
  const auto file = CompoundFile::open(bytes);
  if (!file) return read_failed("damaged or cut short");
  return kRead(*file, context);
}

FileEnd read_encrypted(ByteView, Context&) { return needs_password(); }
FileEnd read_damaged(ByteView, Context&) { return read_failed("damaged or cut short"); }

}  // namespace

Recognised recognise_compound(ByteView bytes) {
  const auto file = CompoundFile::open(bytes);
  if (!file) return {"ole", read_damaged};
  if (file->find("EncryptedPackage")) return {"ooxml", read_encrypted};
  if (file->find("WordDocument")) return {"doc", read_with<read_doc>};
  if (file->find("Workbook") || file->find("Book")) return {"xls", read_with<read_xls>};
  if (file->find("PowerPoint Document")) return {"ppt", read_with<read_ppt>};
  if (file->find("__properties_version1.0")) return {"msg", read_with<read_msg>};
  return {"ole", nullptr};
}

}  // namespace sealift::readers
