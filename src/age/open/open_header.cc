#include "age/open/open_header.h"

#include <algorithm>

#include "age/keys/stanza_keys.h"

namespace sealift::age {

using base::Error;
using base::ErrorCode;

OpenResult<FileKey> open_header(const Header& header, std::span<const Identity> identities) {
  const auto is_scrypt = [](const Stanza& stanza) { return stanza.type == internal::kScryptType; };
  if (header.stanzas().size() > 1 && std::ranges::any_of(header.stanzas(), is_scrypt)) {
    return open_failed(OpenFailure::header,
                       {ErrorCode::malformed, "header with a passphrase beside other recipients"});
  }
  for (const Identity& identity : identities) {
    auto file_key = identity.open(header.stanzas());
    if (!file_key) return tl::unexpected(std::move(file_key).error());
    if (!*file_key) continue;
    if (!header.is_authentic(**file_key)) {
      return open_failed(OpenFailure::hmac, {ErrorCode::damaged, "the header was changed"});
    }
    return **std::move(file_key);
  }
  return open_failed(OpenFailure::no_match,
                     {ErrorCode::no_match, "none of the identities opens the file"});
}

}  // namespace sealift::age
