#include "client/transfer/added_header.h"

#include <algorithm>

#include "age/format/header.h"
#include "client/transfer/sealed_part.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// A file is as strong as its weakest recipient, so families are not mixed.
bool is_of_family(const age::Stanza& stanza, age::RecipientFamily family) {
  const bool is_post_quantum = stanza.type == "mlkem768x25519";
  if (stanza.type == "scrypt") return family == age::RecipientFamily::passphrase;
  return is_post_quantum == (family == age::RecipientFamily::post_quantum);
}

}  // namespace

Result<base::Bytes> add_to_header(base::ByteView header, std::span<const age::Identity> identities,
                                  const age::Recipient& recipient, crypto::Random& random) {
  SEALIFT_TRY(const age::FileKey file_key, open_part_header(header, identities));
  SEALIFT_TRY(const age::Header before, age::Header::parse(header));
  const age::RecipientFamily family = recipient.family();
  if (family == age::RecipientFamily::passphrase ||
      !std::ranges::all_of(before.stanzas(),
                           [&](const age::Stanza& stanza) { return is_of_family(stanza, family); }))
    return base::fail(ErrorCode::usage, "the recipient's key is of another kind than the parcel's");
  std::vector<age::Stanza> stanzas = before.stanzas();
  SEALIFT_TRY(age::Stanza added, recipient.wrap(file_key, random));
  stanzas.push_back(std::move(added));
  SEALIFT_TRY(const age::Header after, age::Header::make(stanzas, file_key));
  return after.encoded();
}

}  // namespace sealift::client
