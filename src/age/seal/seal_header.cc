#include "age/seal/seal_header.h"

namespace sealift::age {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<Header> seal_header(const FileKey& file_key, std::span<const Recipient> recipients,
                           crypto::Random& random) {
  if (recipients.empty()) return fail(ErrorCode::usage, "no recipient to seal to");
  const RecipientFamily family = recipients.front().family();
  if (family == RecipientFamily::passphrase && recipients.size() > 1) {
    return fail(ErrorCode::usage, "a passphrase cannot be combined with other recipients");
  }
  std::vector<Stanza> stanzas;
  stanzas.reserve(recipients.size());
  for (const Recipient& recipient : recipients) {
    if (recipient.family() != family) {
      return fail(ErrorCode::usage,
                  recipient.family() == RecipientFamily::passphrase
                      ? "a passphrase cannot be combined with other recipients"
                      : "post-quantum recipients cannot be combined with classic ones");
    }
    SEALIFT_TRY(Stanza stanza, recipient.wrap(file_key, random));
    stanzas.push_back(std::move(stanza));
  }
  return Header::make(stanzas, file_key);
}

}  // namespace sealift::age
