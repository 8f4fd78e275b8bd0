#include "server/vault/credentials.h"

#include "http/request_proof.h"
#include "parcel/link.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using catalog::Records;

// A login that is used this often is noted as used.
constexpr std::chrono::minutes kTouchEvery{1};

ServerState state_of(const std::optional<catalog::Lockdown>& lockdown) {
  return lockdown ? ServerState::locked_down : ServerState::open;
}

bool same(const std::optional<catalog::TokenHash>& one, const catalog::TokenHash& other) {
  return one && crypto::equal(one->view(), other.view());
}

// The path as the table and its captures have it, so that one spelling is proven.
std::string path_of(const Ask& ask) {
  std::string path;
  std::string_view pattern = ask.operation.route.pattern;
  for (std::size_t used = 0; !pattern.empty(); ++used) {
    const std::size_t open = pattern.find('{');
    path += pattern.substr(0, open);
    if (open == pattern.npos) break;
    path += ask.frame.names.at(used);
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  return path;
}

// Whether the caller has the key that the session's beginning gave, and asked for just this, now:
// by the clock that answers are dated by, from which clients learn how far off their own is.
bool proves_session(const Services& services, const Ask& ask, const catalog::SessionId& session) {
  const auto& proof = ask.frame.proof;
  if (!proof || ask.frame.credential_kind != CredentialKind::bearer) return false;
  const base::UnixTime shown = services.wall != nullptr ? services.wall->now() : ask.now;
  const std::uint64_t now =
      static_cast<std::uint64_t>(shown.time_since_epoch().count()) / std::uint64_t{1000};
  const std::uint64_t created = proof->created_seconds;
  constexpr std::uint64_t kApartSecondsMax = 60;
  if ((created > now ? created - now : now - created) > kApartSecondsMax) return false;
  const bool has_body = !ask.frame.body.empty();
  if (has_body && proof->content_digest != crypto::sha256(ask.frame.body)) return false;
  const std::string query =
      ask.frame.before ? "before=" + std::to_string(*ask.frame.before) : std::string();
  const std::string authorization = "Bearer " + ask.frame.credential;
  const std::string text =
      http::request_proof_base({.method = http::method_name(ask.operation.route.method),
                                .path = path_of(ask),
                                .query = query,
                                .authorization = authorization,
                                .created_seconds = created,
                                .content_digest = proof->content_digest});
  const auto key = services.keys.session_key(session);
  return crypto::equal(crypto::hmac_sha256(key, base::bytes_of(text)), proof->mac);
}

// The server's own, which lock-downs and the ends of accounts leave alone.
Result<void> find_metrics_token(const Records& records, Ask& ask, const catalog::TokenHash& hash) {
  SEALIFT_TRY(const auto kept, records.marks->find(catalog::Mark::metrics_token));
  if (kept && crypto::equal(*kept, hash.view())) {
    ask.caller.credential = Credential::metrics_token;
  }
  return {};
}

Result<void> find_session(const Services& services, const Records& records, Ask& ask,
                          const catalog::TokenHash& hash) {
  SEALIFT_TRY(ask.caller.session, records.sessions->find_live(hash, ask.now));
  const bool is_bound = ask.caller.session && ask.caller.session->session.is_bound;
  if (is_bound && !proves_session(services, ask, ask.caller.session->session.id)) {
    ask.caller.session.reset();
  }
  if (ask.caller.session) ask.caller.credential = Credential::session;
  const bool may_be_metrics = ask.operation.credentials.has(Credential::metrics_token);
  return ask.caller.session || !may_be_metrics ? Result<void>()
                                               : find_metrics_token(records, ask, hash);
}

Result<void> find_ticket(const Records& records, Ask& ask, const catalog::TokenHash& hash) {
  SEALIFT_TRY(const auto found, records.openings->find_live(hash, ask.now));
  const auto named = ask.id<catalog::OpeningId>(0);
  const bool is_for_event = !ask.operation.credentials.is_only(Credential::ticket);
  if (!found || (!is_for_event && (!named || *named != found->id))) return {};
  ask.opening = *found;
  ask.caller.credential = Credential::ticket;
  return {};
}

// Of the parcel that the path names, or that the event in the path tells of.
Result<std::optional<catalog::ParcelId>> parcel_of_path(const Records& records, const Ask& ask) {
  const auto named = ask.id<catalog::ParcelId>(0);
  if (!named) return std::nullopt;
  if (!ask.operation.credentials.has(Credential::ticket)) return *named;
  SEALIFT_TRY(const auto event, records.custody->find({named->bytes}));
  return event ? event->parcel : std::nullopt;
}

// What is left to do once the content is there: the manifest, the end, the proof of it.
Result<void> find_finisher(const Records& records, Ask& ask, const catalog::TokenHash& hash) {
  const bool has_part = ask.operation.route.pattern.find("{part}") != std::string_view::npos;
  if (has_part && ask.frame.names[1] != "manifest") return {};
  SEALIFT_TRY(const auto parcel, parcel_of_path(records, ask));
  if (!parcel) return {};
  SEALIFT_TRY(const auto finisher, records.uploads->finisher_of(*parcel, ask.now));
  if (!finisher || !crypto::equal(finisher->key.view(), hash.view())) return {};
  SEALIFT_TRY(ask.finished, records.parcels->find(*parcel));
  if (ask.finished) ask.caller.credential = Credential::upload_key;
  return {};
}

Result<void> find_upload(const Records& records, Ask& ask, const catalog::TokenHash& hash) {
  if (!ask.operation.credentials.is_only(Credential::upload_key)) {
    return find_finisher(records, ask, hash);
  }
  const auto named = ask.id<catalog::UploadId>(0);
  if (!named) return {};
  SEALIFT_TRY(const auto found, records.uploads->find_live(*named, ask.now));
  if (!found || !same(found->key, hash)) return {};
  ask.upload = *found;
  ask.caller.credential = Credential::upload_key;
  return {};
}

Result<void> find_hand_in(const Records& records, Ask& ask, const catalog::TokenHash& hash) {
  SEALIFT_TRY(const auto parcel, parcel_of_path(records, ask));
  if (!parcel) return {};
  SEALIFT_TRY(const auto found, records.parcels->find(*parcel));
  if (!found || !same(found->hand_in_key, hash)) return {};
  SEALIFT_TRY(const auto owner, records.accounts->find(found->owner));
  if (!owner || owner->state != catalog::AccountState::active) return {};
  ask.hand_in = *found;
  ask.caller.credential = Credential::hand_in_key;
  return {};
}

Result<void> find_credential(const Services& services, const Records& records, Ask& ask) {
  const auto hash = hash_of_token(ask.frame.credential);
  if (!hash) return {};
  const Credentials& taken = ask.operation.credentials;
  switch (ask.frame.credential_kind) {
    case CredentialKind::none:
      return {};
    case CredentialKind::bearer:
      return taken.has(Credential::session) ? find_session(services, records, ask, *hash)
                                            : Result<void>();
    case CredentialKind::ticket:
      return taken.has(Credential::ticket) ? find_ticket(records, ask, *hash) : Result<void>();
    case CredentialKind::upload_key:
      return taken.has(Credential::upload_key) ? find_upload(records, ask, *hash) : Result<void>();
    case CredentialKind::hand_in_key:
      return taken.has(Credential::hand_in_key) ? find_hand_in(records, ask, *hash)
                                                : Result<void>();
  }
  return {};
}

void find_proof(const Services& services, Ask& ask) {
  const bool is_link = ask.operation.credentials.is_only(Credential::link_proof);
  const bool is_request = ask.operation.credentials.is_only(Credential::request_proof);
  if (!is_link && !is_request) return;
  auto body = JsonRequest::parse(ask.frame.body);
  const auto subject = ask.id<catalog::ParcelId>(0);
  if (!body || !subject) return;
  const Proof proof = take_proof(*body);
  const auto purpose = is_link ? ChallengeFor::link : ChallengeFor::request;
  if (!is_proof_good(services.keys, purpose, subject->view(), proof, ask.now)) return;
  ask.caller.credential = is_link ? Credential::link_proof : Credential::request_proof;
}

}  // namespace

Proof take_proof(JsonRequest& body) {
  return {body.fixed<32>("challenge"), body.fixed<crypto::kEd25519PublicSize>("verifier"),
          body.fixed<crypto::kEd25519SignatureSize>("proof")};
}

bool is_proof_good(const VaultKeys& keys, ChallengeFor purpose, base::ByteView subject,
                   const Proof& proof, base::UnixTime now) {
  return keys.is_good(proof.challenge, purpose, subject, now) &&
         parcel::is_link_proof(proof.verifier, proof.challenge, proof.signature);
}

Result<Judged> judge_credentials(Services& services, const Operation& operation,
                                 const AskFrame& frame, base::UnixTime now) {
  Judged judged{Ask{operation, frame, {}, now}};
  SEALIFT_TRY_VOID(services.catalog.read([&](const Records& records) -> Result<void> {
    SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
    judged.state = state_of(lockdown);
    return find_credential(services, records, judged.ask);
  }));
  find_proof(services, judged.ask);
  const auto& session = judged.ask.caller.session;
  if (session && now - session->session.last_seen >= kTouchEvery) {
    services.later([&services, id = session->session.id, now] {
      // One that is not noted is noted by the next request.
      (void)services.commits.transact(
          [&](Records& records) { return records.sessions->touch(id, now); });
    });
  }
  return judged;
}

}  // namespace sealift::server::vault
