// Sessions: logging in and out, and API tokens.
//
// Whoever asks about an address learns nothing of whether it has an account: the same answers, the
// same work, the same delays.
#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/slot_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

// Ten years: how long is the asker's to judge, and clients warn.
constexpr std::uint64_t kTokenLifetimeMsMax = 3'650ULL * 24 * 3600 * 1000;

struct Found {
  std::optional<catalog::Account> account;
  std::vector<catalog::Verifier> verifiers;
};

// Asks the catalog the same questions for an address that has no account.
Result<Found> find_login(const catalog::Records& records, const catalog::AddressLookup& lookup) {
  Found found;
  SEALIFT_TRY(found.account, records.accounts->find_by_address(lookup));
  const catalog::AccountId nobody{};
  SEALIFT_TRY(found.verifiers, records.slots->verifiers(found.account ? found.account->id : nobody,
                                                        catalog::VerifierKind::authentication_key));
  return found;
}

Result<Answer> prepare(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const parcel::Address address, take_address(body, "address"));
  SEALIFT_TRY_VOID(body.done());
  const auto lookup = services.keys.address_lookup(address.text());
  const base::Bytes parameters = login_parameters_of(services, lookup);
  const Challenge challenge = services.keys.challenge(ChallengeFor::login, lookup.view(), ask.now);
  return json_reply(http::Status::ok, {{"parameters", json_of(base::ByteView(parameters))},
                                       {"challenge", json_of(base::ByteView(challenge))}});
}

struct Login {
  std::string address;
  catalog::AddressLookup lookup{};
  AuthenticationKey key;
};

Result<Login> take_login(const Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  if (body.has("passkey")) return base::fail(ErrorCode::unsupported, "passkey");
  SEALIFT_TRY(const parcel::Address address, take_address(body, "address"));
  AuthenticationKey key = take_authentication_key(body, "authentication_key");
  SEALIFT_TRY_VOID(body.done());
  return Login{std::string(address.text()), services.keys.address_lookup(address.text()),
               std::move(key)};
}

// What the key is good for: nothing, nothing yet, or a login.
enum class Fit : std::uint8_t { unknown, too_new, good };

Result<Fit> fit_of(const Services& services, const Found& found, const Login& login,
                   base::UnixTime now) {
  SEALIFT_TRY(const bool is_known, is_known_key(services, found.verifiers, login.key));
  if (!is_known || !found.account || found.account->state != catalog::AccountState::active) {
    return Fit::unknown;
  }
  const auto ready = ways_in(found.verifiers, now);
  SEALIFT_TRY(const bool is_ready, is_known_key(services, ready, login.key));
  return is_ready ? Fit::good : Fit::too_new;
}

// The key is looked at again: a change of password, which ends every login, may have come between.
Result<BegunSession> begin_judged(Services& services, catalog::Records& records, const Login& login,
                                  const Ask& ask) {
  SEALIFT_TRY(const Found found, find_login(records, login.lookup));
  SEALIFT_TRY(const Fit fit, fit_of(services, found, login, ask.now));
  if (fit != Fit::good) return base::refuse("wrong_login");
  return begin_session(services, records, found.account->id, ask);
}

Result<Answer> begin(Services& services, const Ask& ask) {
  SEALIFT_TRY(const Login login, take_login(services, ask));
  const Attempt attempt{catalog::DelayKind::account, login.lookup.view(), ask.frame.peer,
                        login.address};
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt, ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const Found found, services.catalog.read([&](const catalog::Records& records) {
    return find_login(records, login.lookup);
  }));
  SEALIFT_TRY(const Fit fit, fit_of(services, found, login, ask.now));
  if (fit == Fit::unknown) {
    SEALIFT_TRY_VOID(services.guessing.failed(attempt, ask.now));
    return base::refuse("wrong_login");
  }
  if (fit == Fit::too_new)
    SEALIFT_TRY_VOID(refuse_new_way_in(services, found.verifiers, login.key, ask.now));
  SEALIFT_TRY(const BegunSession begun, commit(services, [&](catalog::Records& records) {
                return begin_judged(services, records, login, ask);
              }));
  SEALIFT_TRY_VOID(services.guessing.succeeded(attempt, ask.now));
  return begun_answer(services, begun, *found.account);
}

Result<Answer> list(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto sessions, services.catalog.read([&](const catalog::Records& records) {
    return records.sessions->list(ask.account());
  }));
  json all = json::array();
  for (const catalog::Session& session : sessions) all.push_back(session_json(session));
  return json_reply(http::Status::ok, {{"sessions", std::move(all)}});
}

Result<Answer> end(Services& services, const Ask& ask) {
  SEALIFT_TRY_VOID(commit(services, [&](catalog::Records& records) {
    return records.sessions->end(ask.account(), ask.session().id);
  }));
  return empty_reply();
}

Result<Answer> end_other(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::SessionId>(0));
  SEALIFT_TRY_VOID(commit(services, [&](catalog::Records& records) -> Result<catalog::EventId> {
    SEALIFT_TRY(const auto ended, records.sessions->end(ask.account(), id));
    if (ended != catalog::Change::done) return base::refuse("no_login");
    return services.notary.note(records, {.kind = Logged::sessions_ended,
                                          .happened = ask.now,
                                          .account = ask.account(),
                                          .facts = {{"session", json_of(id)}}});
  }));
  return empty_reply();
}

struct NewToken {
  catalog::Scopes scopes{};
  base::Bytes label;
  std::chrono::milliseconds lifetime{};
};

Result<NewToken> take_new_token(const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  NewToken token;
  for (const std::string& word : body.texts("scopes", scope_names().size(), 20)) {
    const auto found = std::ranges::find(scope_names(), word, &ScopeName::word);
    if (found == scope_names().end()) {
      body.refuse("scopes");
    } else {
      token.scopes = token.scopes.with(found->scope);
    }
  }
  if (token.scopes == catalog::Scopes()) body.refuse("scopes");
  if (auto label = body.optional_bytes("label", 4096)) token.label = *std::move(label);
  token.lifetime = std::chrono::milliseconds(body.integer("lifetime_ms", {1, kTokenLifetimeMsMax}));
  SEALIFT_TRY_VOID(body.done());
  return token;
}

// Only of a login (the table says so): a token could otherwise make itself successors for ever.
Result<Answer> issue(Services& services, const Ask& ask) {
  SEALIFT_TRY(const NewToken wanted, take_new_token(ask));
  const Token token = token_for(services, ask);
  catalog::Session session{.id = {services.random.array<16>()},
                           .account = ask.account(),
                           .kind = catalog::SessionKind::api_token,
                           .scopes = wanted.scopes,
                           .sealed_label = wanted.label,
                           .created = ask.now,
                           .last_seen = ask.now,
                           .expires = ask.now + wanted.lifetime,
                           .idle_ms_max = wanted.lifetime};
  SEALIFT_TRY_VOID(
      commit_act(services, ask, [&](catalog::Records& records) -> Result<catalog::EventId> {
        SEALIFT_TRY(const auto before, records.sessions->find_live(token.hash, ask.now));
        if (before && before->session.account == ask.account()) {
          session = before->session;
          return catalog::EventId{};
        }
        SEALIFT_TRY(const auto others, records.sessions->list(ask.account()));
        if (others.size() >= limits::kSessionsPerAccountMax) {
          return base::refuse("logins_max", {{"max", limits::kSessionsPerAccountMax}});
        }
        SEALIFT_TRY(const auto added, records.sessions->add(session, token.hash));
        if (added != catalog::Insert::added)
          return base::fail(ErrorCode::internal, "token is taken");
        return services.notary.note(records, {.kind = Logged::token_issued,
                                              .happened = ask.now,
                                              .account = ask.account(),
                                              .facts = {{"session", json_of(session.id)},
                                                        {"scopes", wanted.scopes.bits()}}});
      }));
  return json_reply(http::Status::created,
                    {{"token", token.text}, {"session", session_json(session)}});
}

constexpr HandlerRow kHandlers[] = {
    {"session.prepare", prepare}, {"session.begin", begin},         {"session.list", list},
    {"session.end", end},         {"session.end_other", end_other}, {"token.issue", issue},
};

}  // namespace

std::span<const HandlerRow> session_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
