#include "age/open/open_file.h"

#include "age/open/open_header.h"

namespace sealift::age {

OpenResult<OpenSummary> open_file(Pipeline& pipeline, std::span<const Identity> identities,
                                  Source& file, Sink& sink, ArmorRule armor_rule,
                                  const PayloadOptions& options) {
  SEALIFT_TRY(SealedFile sealed, SealedFile::read(file, armor_rule));
  SEALIFT_TRY(const FileKey file_key, open_header(sealed.header(), identities));
  auto summary = open_payload(pipeline, file_key, sealed.nonce(), sealed.chunks(), sink, options);
  if (!summary) {
    const OpenFailure failure = sealed.failure_of(summary.error());
    return open_failed(failure, std::move(summary).error());
  }
  return *summary;
}

}  // namespace sealift::age
