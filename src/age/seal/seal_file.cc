#include "age/seal/seal_file.h"

#include "age/format/armor.h"
#include "age/seal/seal_header.h"

namespace sealift::age {

base::Result<SealSummary> seal_file(Pipeline& pipeline, std::span<const Recipient> recipients,
                                    crypto::Random& random, Source& text, Sink& sink, Armor armor,
                                    const PayloadOptions& options) {
  const FileKey file_key = random.secret<kFileKeySize>();
  SEALIFT_TRY(const Header header, seal_header(file_key, recipients, random));
  ArmorSink armored(sink);
  Sink& out = armor == Armor::yes ? static_cast<Sink&>(armored) : sink;
  const base::ByteView encoded = header.encoded();
  SEALIFT_TRY_VOID(out.write(std::span(&encoded, 1)));
  SEALIFT_TRY(const SealSummary summary,
              seal_payload(pipeline, file_key, random, text, out, options));
  if (armor == Armor::yes) SEALIFT_TRY_VOID(armored.finish());
  return summary;
}

}  // namespace sealift::age
