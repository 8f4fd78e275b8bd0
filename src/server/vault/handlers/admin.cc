// Administration: who has an account, in which role, with how much room. No row of it reaches what
// is in a parcel or whom it is for; every change is logged with who made it. Roles wait for another
// administrator and a delay (proposals.h).
#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/letters.h"
#include "server/vault/proposals.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

constexpr std::uint64_t kInvitationMsMin = 60'000;
constexpr std::uint64_t kInvitationMsMax = 3'650ULL * 24 * 3600 * 1000;  // clients warn
constexpr std::uint32_t kPageRows = 100;

// ---- enrolments

// The link enrols an account without roles; those that are wanted are proposed.
struct Invitation {
  Token token;
  catalog::Enrolment enrolment;
  catalog::Roles roles;
};

Result<Invitation> take_invitation(Services& services, const Ask& ask, parcel::Address& address) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(address, take_address(body, "address"));
  catalog::Roles roles;
  body.object("roles", [&](JsonRequest& object) { roles = take_roles(object); });
  const std::chrono::milliseconds lifetime(
      body.integer("lifetime_ms", {kInvitationMsMin, kInvitationMsMax}));
  SEALIFT_TRY_VOID(body.done());
  Invitation made{make_token(services.random), {}, roles};
  const catalog::EnrolmentId id{services.random.array<16>()};
  made.enrolment = {
      .id = id,
      .token = made.token.hash,
      .lookup = services.keys.address_lookup(address.text()),
      .sealed_address = services.keys.wrap(WrapFor::address, id.view(),
                                           base::bytes_of(address.text()), services.random),
      .invited_by = ask.account(),
      .created = ask.now,
      .expires = ask.now + lifetime};
  return made;
}

// A new account has its invitation's id.
catalog::AccountId account_of(const catalog::EnrolmentId& enrolment) { return {enrolment.bytes}; }

// An earlier invitation of the address ends, and what was proposed for its account.
Result<void> withdraw_earlier(Services& services, catalog::Records& records,
                              const catalog::AddressLookup& lookup, base::UnixTime now) {
  SEALIFT_TRY(const auto live, records.enrolments->list_live(now));
  for (const catalog::Enrolment& each : live) {
    if (each.lookup == lookup)
      SEALIFT_TRY_VOID(withdraw_proposals_of(services.notary, records, account_of(each.id), now));
  }
  return {};
}

Result<void> add_invitation(Services& services, catalog::Records& records, const Ask& ask,
                            const Invitation& made, const parcel::Address& address) {
  const catalog::Enrolment& enrolment = made.enrolment;
  SEALIFT_TRY(const auto account, records.accounts->find_by_address(enrolment.lookup));
  if (account && account->state == catalog::AccountState::closed) {
    return base::refuse("account_closed");
  }
  SEALIFT_TRY(const auto live, records.enrolments->list_live(ask.now));
  if (live.size() >= limits::kEnrolmentsMax)
    return base::refuse("invitations_max", {{"max", limits::kEnrolmentsMax}});
  SEALIFT_TRY_VOID(withdraw_earlier(services, records, enrolment.lookup, ask.now));
  SEALIFT_TRY_VOID(records.enrolments->add(enrolment));
  SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::account_invited,
                                                  .happened = ask.now,
                                                  .account = ask.account(),
                                                  .facts = {{"enrolment", json_of(enrolment.id)},
                                                            {"administrator", false},
                                                            {"recovery_officer", false}}}));
  // Who has an account gets roles by admin.set_roles.
  if (!account && made.roles != catalog::Roles{}) {
    SEALIFT_TRY_VOID(
        propose(services, records, ask,
                {catalog::ProposalKind::roles, account_of(enrolment.id), roles_json(made.roles)}));
  }
  return post_invitation(services, records, address, enrolment.expires, ask.now);
}

// The link's token goes to the administrator, who hands it over; mail never carries it.
Result<Answer> invite(Services& services, const Ask& ask) {
  auto address = parcel::Address::parse("nobody@invalid").value();
  SEALIFT_TRY(const Invitation made, take_invitation(services, ask, address));
  const auto added = commit_act(services, ask, [&](catalog::Records& records) {
    return add_invitation(services, records, ask, made, address);
  });
  if (!added) return tl::unexpected(added.error());
  return json_reply(http::Status::created, {{"id", json_of(made.enrolment.id)},
                                            {"token", made.token.text},
                                            {"expires", json_of(made.enrolment.expires)}});
}

Result<Answer> list_enrolments(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto enrolments, services.catalog.read([&](const catalog::Records& records) {
    return records.enrolments->list_live(ask.now);
  }));
  json all = json::array();
  for (const catalog::Enrolment& enrolment : enrolments) {
    SEALIFT_TRY(const auto address, services.keys.unwrap(WrapFor::address, enrolment.id.view(),
                                                         enrolment.sealed_address));
    json one = {{"id", json_of(enrolment.id)},
                {"address", base::text_of(address.view())},
                {"roles", roles_json(enrolment.roles)},
                {"created", json_of(enrolment.created)},
                {"expires", json_of(enrolment.expires)}};
    put_optional(one, "invited_by", enrolment.invited_by);
    all.push_back(std::move(one));
  }
  return json_reply(http::Status::ok, {{"enrolments", std::move(all)}});
}

// What an administrator did to whom.
Result<void> note_change(Services& services, catalog::Records& records, const Ask& ask,
                         const std::optional<catalog::AccountId>& whom, json facts) {
  facts["by"] = json_of(ask.account());
  SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::account_changed,
                                                  .happened = ask.now,
                                                  .account = whom,
                                                  .facts = std::move(facts)}));
  return {};
}

Result<Answer> withdraw(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::EnrolmentId>(0));
  const auto done = commit(services, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto outcome, records.enrolments->withdraw(id));
    if (outcome != catalog::Change::done) return base::refuse("no_enrolment");
    SEALIFT_TRY_VOID(withdraw_proposals_of(services.notary, records, account_of(id), ask.now));
    return note_change(services, records, ask, ask.account(),
                       {{"change", "enrolment_withdrawn"}, {"enrolment", json_of(id)}});
  });
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

// ---- accounts

Result<Answer> list_accounts(Services& services, const Ask& ask) {
  const catalog::Page page = ask.page(kPageRows);
  SEALIFT_TRY(const auto accounts, services.catalog.read([&](const catalog::Records& records) {
    return records.accounts->list(page);
  }));
  json all = json::array();
  for (const catalog::Account& account : accounts) {
    SEALIFT_TRY(json one, account_json(services, account));
    all.push_back(std::move(one));
  }
  json answer = {{"accounts", std::move(all)}};
  if (accounts.size() == kPageRows) answer["next"] = json_of(accounts.back().cursor);
  return json_reply(http::Status::ok, answer);
}

// Makes a change of an account, and refuses it when it took the last administrator away.
template <typename Change>
Result<Answer> change_account(Services& services, const Ask& ask, const Change& change,
                              const json& facts) {
  SEALIFT_TRY(const auto id, ask.id<catalog::AccountId>(0));
  const auto work = [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const catalog::Change outcome, change(records, id));
    if (outcome == catalog::Change::absent) return base::refuse("no_account");
    if (outcome == catalog::Change::stale) return base::refuse("account_closed");
    SEALIFT_TRY(const auto administrators, records.accounts->active_administrators());
    if (administrators == 0) return base::refuse("last_administrator");
    return note_change(services, records, ask, id, facts);
  };
  const auto done = commit_act(services, ask, work);
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

// A closed account's address has no key any more; its tombstone says which was the last.
Result<void> leave_directory(Services& services, catalog::Records& records,
                             const catalog::AccountId& id, base::UnixTime now) {
  SEALIFT_TRY(const auto account, records.accounts->find(id));
  SEALIFT_TRY(const auto newest, records.directory->newest(id));
  if (!account || !newest) return {};
  SEALIFT_TRY(const parcel::Address address, address_of(services.keys, *account));
  return services.directory->note(
      records, address.text(),
      {directory::How::removed, static_cast<std::uint32_t>(newest->generation.value), {}}, now);
}

// Closing takes a role away for good, and that needs another administrator. Suspending is at once;
// who is suspended still counts as an administrator where it is asked whether there is another.
Result<void> need_no_role(const catalog::Records& records, const catalog::AccountId& id) {
  SEALIFT_TRY(const auto account, records.accounts->find(id));
  if (account && account->roles != catalog::Roles{}) return base::refuse("has_role");
  return {};
}

Result<Answer> set_state(Services& services, const Ask& ask) {
  static constexpr catalog::AccountState kStates[] = {catalog::AccountState::active,
                                                      catalog::AccountState::suspended,
                                                      catalog::AccountState::closed};
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto state = kStates[body.choice("state", {"active", "suspended", "closed"})];
  SEALIFT_TRY_VOID(body.done());
  const auto change = [&](catalog::Records& records,
                          const catalog::AccountId& id) -> Result<catalog::Change> {
    if (state == catalog::AccountState::closed) SEALIFT_TRY_VOID(need_no_role(records, id));
    SEALIFT_TRY(const auto outcome, records.accounts->set_state(id, state));
    if (outcome == catalog::Change::done && state != catalog::AccountState::active) {
      SEALIFT_TRY_VOID(records.sessions->end_all_of(id, std::nullopt));
    }
    if (outcome == catalog::Change::done && state == catalog::AccountState::closed)
      SEALIFT_TRY_VOID(leave_directory(services, records, id, ask.now));
    return outcome;
  };
  return change_account(services, ask, change, {{"change", "state"}, {"state", state_word(state)}});
}

// What is there already needs nobody.
enum class RolesSet : std::uint8_t { as_they_were, proposed };
Result<RolesSet> propose_roles(Services& services, catalog::Records& records, const Ask& ask,
                               const catalog::AccountId& id, catalog::Roles roles) {
  SEALIFT_TRY(const auto account, records.accounts->find(id));
  if (!account) return base::refuse("no_account");
  if (account->state == catalog::AccountState::closed) return base::refuse("account_closed");
  if (account->roles == roles) return RolesSet::as_they_were;
  if (account->roles.administrator && !roles.administrator) {
    SEALIFT_TRY(const std::uint64_t administrators, records.accounts->administrators());
    if (administrators < 2) return base::refuse("last_administrator");
  }
  SEALIFT_TRY_VOID(
      propose(services, records, ask, {catalog::ProposalKind::roles, id, roles_json(roles)}));
  return RolesSet::proposed;
}

Result<Answer> set_roles(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::AccountId>(0));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const catalog::Roles roles = take_roles(body);
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const RolesSet set, commit_act(services, ask, [&](catalog::Records& records) {
                return propose_roles(services, records, ask, id, roles);
              }));
  return empty_reply(set == RolesSet::proposed ? http::Status::accepted : http::Status::no_content);
}

Result<Answer> set_quota(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto bytes_max = body.optional_integer("quota_bytes_max", kAnySize);
  SEALIFT_TRY_VOID(body.done());
  const auto change = [&](catalog::Records& records, const catalog::AccountId& id) {
    return records.accounts->set_quota(id, bytes_max);
  };
  json facts = {{"change", "quota"}};
  put_optional(facts, "quota_bytes_max", bytes_max);
  return change_account(services, ask, change, facts);
}

Result<Answer> end_sessions(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::AccountId>(0));
  const auto done = commit(services, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto account, records.accounts->find(id));
    if (!account) return base::refuse("no_account");
    SEALIFT_TRY_VOID(records.sessions->end_all_of(id, std::nullopt));
    SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::sessions_ended,
                                                    .happened = ask.now,
                                                    .account = id,
                                                    .facts = {{"by", json_of(ask.account())}}}));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"admin.invite", invite},
    {"admin.list_enrolments", list_enrolments},
    {"admin.withdraw_enrolment", withdraw},
    {"admin.list_accounts", list_accounts},
    {"admin.set_state", set_state},
    {"admin.set_roles", set_roles},
    {"admin.set_quota", set_quota},
    {"admin.end_sessions", end_sessions},
};

}  // namespace

std::span<const HandlerRow> admin_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
