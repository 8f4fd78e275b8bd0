#include "parcel/organisation.h"

#include "base/hex.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kFingerprintDigits = 32;

std::string digits_of(std::string_view key_text) {
  return base::hex_encode(crypto::sha256(base::bytes_of(key_text)));
}

tl::unexpected<base::Error> lie(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

Result<void> judge_set(Organisation& organisation, const ToldOrganisation& told,
                       const std::optional<SeenOrganisation>& seen) {
  if (!told.set) {
    if (seen && seen->number > 0) return lie("the server hides the set of recovery officers");
    return {};
  }
  organisation.note = *told.set;
  SEALIFT_TRY(organisation.set, open_officer_set(organisation.note, organisation.key));
  if (!seen) return {};
  if (organisation.set->number < seen->number)
    return lie("the server went back to an older set of recovery officers");
  if (organisation.set->number == seen->number &&
      crypto::sha256(base::bytes_of(organisation.note)) != seen->digest)
    return lie("there are two sets of recovery officers with the same number");
  return {};
}

}  // namespace

Result<std::optional<Organisation>> judge_organisation(const ToldOrganisation& told,
                                                       const std::optional<SeenOrganisation>& seen,
                                                       std::string_view named) {
  if (!told.key) {
    if (seen || !named.empty()) return lie("the server hides the organisation's key");
    return std::nullopt;
  }
  SEALIFT_TRY(log::VerifierKey key, log::VerifierKey::parse(*told.key));
  if (seen && seen->key != key.text())
    return lie("the server names another organisation key than before");
  if (!named.empty() && !digits_of(key.text()).starts_with(named))
    return lie("the server's organisation key is not the one that was given: its fingerprint is " +
               organisation_fingerprint(key.text()));
  Organisation organisation{.key = std::move(key), .set = {}, .note = {}, .is_known = false};
  organisation.is_known = seen || !named.empty();
  SEALIFT_TRY_VOID(judge_set(organisation, told, seen));
  return organisation;
}

SeenOrganisation seen_of(const Organisation& organisation) {
  return {.key = organisation.key.text(),
          .number = organisation.set ? organisation.set->number : 0,
          .digest = crypto::sha256(base::bytes_of(organisation.note))};
}

std::string organisation_fingerprint(std::string_view key_text) {
  return digits_of(key_text).substr(0, kFingerprintDigits);
}

}  // namespace sealift::parcel
