// officers.sign: keeps what the organisation's key says of the recovery officers.
//
// The server checks it to refuse mistakes; what counts is that clients do (parcel/officer_set.h).
// The key itself is put in on the machine (Host::set_organisation_key): one administrator alone
// would else name a key of their own, for good.
#include "base/hex.h"
#include "base/refusal.h"
#include "crypto/sha256.h"
#include "parcel/officer_set.h"
#include "server/vault/acts.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using catalog::Mark;

constexpr std::size_t kKeySizeMax = 300;
constexpr std::size_t kSetSizeMax = std::size_t{128} << 10;

struct SignedSet {
  log::VerifierKey key;
  std::string note;
  parcel::OfficerSet set;
};

Result<SignedSet> take(Services& services, JsonRequest& body) {
  const std::string key_text = body.text("organisation_key", kKeySizeMax);
  const std::string note = body.text("officer_set", kSetSizeMax);
  SEALIFT_TRY_VOID(body.done());
  const auto key = log::VerifierKey::parse(key_text);
  if (!key) return base::refuse("wrong_field", {{"field", "organisation_key"}});
  auto set = parcel::open_officer_set(note, *key);
  if (!set || set->log_name != services.log.key().name())
    return base::refuse("wrong_field", {{"field", "officer_set"}});
  return SignedSet{*key, note, *std::move(set)};
}

Result<void> keep(Services& services, catalog::Records& records, const Ask& ask,
                  const SignedSet& taken) {
  SEALIFT_TRY(const auto key, records.marks->find(Mark::organisation_key));
  if (!key) return base::refuse("no_organisation");
  if (base::text_of(*key) != taken.key.text()) return base::refuse("other_organisation");
  SEALIFT_TRY(const auto note, records.marks->find(Mark::officer_set));
  if (note && base::text_of(*note) == taken.note) return {};
  if (note) {
    SEALIFT_TRY(const auto before, parcel::open_officer_set(base::text_of(*note), taken.key));
    if (taken.set.number <= before.number)
      return base::refuse("officer_set_older", {{"number", before.number}});
  }
  SEALIFT_TRY_VOID(records.marks->put(Mark::officer_set, base::bytes_of(taken.note)));
  const auto digest = crypto::sha256(base::bytes_of(taken.note));
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::officers_signed,
                .happened = ask.now,
                .account = ask.account(),
                .facts = {{"number", taken.set.number}, {"set", base::hex_encode(digest)}}}));
  return {};
}

Result<Answer> sign(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const SignedSet taken, take(services, body));
  const auto done = commit_act(services, ask, [&](catalog::Records& records) {
    return keep(services, records, ask, taken);
  });
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"officers.sign", sign},
};

}  // namespace

std::span<const HandlerRow> officers_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
