#include "client/account/organisation.h"

#include <algorithm>

#include "age/format/bech32.h"
#include "client/account/key_finder.h"
#include "client/account/own_recovery.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kPrefix = "SEALIFT-ORGANISATION-";
constexpr std::string_view kPrefixTyped = "SEALIFTORGANISATION";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

// Without comments and what people put between the groups.
crypto::SecretBuffer as_printed(std::string_view typed) {
  crypto::SecretBuffer key(kPrefix.size() + typed.size());
  const base::MutableByteView out = key.mutable_view();
  std::size_t size = 0;
  bool is_comment = false;
  for (const char c : typed) {
    if (c == '\n') is_comment = false;
    if (c == '#') is_comment = true;
    if (is_comment || c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n') continue;
    out[size++] = static_cast<std::byte>(upper(c));
    if (size == kPrefixTyped.size() && base::text_of(out.first(size)) == kPrefixTyped) {
      std::ranges::copy(base::bytes_of(kPrefix), out.begin());
      size = kPrefix.size();
    }
  }
  key.truncate(size);
  return key;
}

}  // namespace

OrganisationKey OrganisationKey::generate(crypto::Random& random) {
  return OrganisationKey(crypto::Ed25519Secret::generate(random));
}

Result<OrganisationKey> OrganisationKey::parse(std::string_view typed) {
  crypto::SecretBytes<32> seed;
  const crypto::SecretBuffer printed = as_printed(typed);
  if (!age::bech32_decode(base::text_of(printed.view()), kPrefix, seed.mutable_view()))
    return base::fail(ErrorCode::malformed,
                      "this is not an organisation key: it begins with SEALIFT-ORGANISATION-1, and "
                      "a letter of it is wrong or missing");
  return OrganisationKey(crypto::Ed25519Secret::from_seed(seed.view()));
}

crypto::SecretBuffer OrganisationKey::text() const {
  std::string plain = age::bech32_encode(kPrefix, secret_.seed().view());
  crypto::SecretBuffer out = crypto::SecretBuffer::copy_of(base::bytes_of(plain));
  crypto::wipe(std::as_writable_bytes(std::span(plain)));
  return out;
}

Result<std::optional<Organisation>> judge_organisation(const ToldOrganisation& told,
                                                       const Pins& pins, std::string_view named) {
  return parcel::judge_organisation(told, pins.organisation, named);
}

void pin_organisation(Pins& pins, const Organisation& organisation) {
  pins.organisation = parcel::seen_of(organisation);
}

std::vector<Officer> signed_officers(const std::optional<Organisation>& organisation,
                                     std::vector<Officer> officers) {
  if (!organisation) return officers;
  std::erase_if(officers, [&](const Officer& each) {
    return !organisation->set ||
           std::ranges::none_of(organisation->set->officers, [&](const auto& named) {
             return named.account == each.account.bytes && named.recipient == each.recipient;
           });
  });
  return officers;
}

unsigned threshold_of(const std::optional<Organisation>& organisation, unsigned told) {
  if (!organisation || !organisation->set) return told;
  return std::max(told, recovery_threshold(organisation->set->needed));
}

void keep_signed(const std::optional<Organisation>& organisation, api::OwnRecovery& own) {
  if (!organisation) return;
  std::erase_if(own.officers, [&](const api::DirectoryEntry& each) {
    return signed_officers(organisation, {{each.account, each.key.recipient}}).empty();
  });
  own.threshold = threshold_of(organisation, recovery_threshold(own.threshold));
}

std::string enrolment_link(std::string_view server_url, const api::Token& token, const Pins& pins) {
  std::string link = std::string(server_url) + "/e#" + token.text;
  if (pins.organisation) link += "." + parcel::organisation_fingerprint(pins.organisation->key);
  return link;
}

std::string organisation_fingerprint(const std::string& key_text) {
  return fingerprint_text(key_text);
}

}  // namespace sealift::client
