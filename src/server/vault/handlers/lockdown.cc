// Lock-down: one person locks in one step; two administrators reopen.
//
// Locking ends every login, and the gate refuses everything that gives out, takes in or changes
// from the next request on. The log and the evidence stay.
#include "server/vault/handlers/person_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

json lockdown_json(const std::optional<catalog::Lockdown>& lockdown) {
  json made = {{"is_locked", lockdown.has_value()}};
  if (!lockdown) return made;
  made["id"] = json_of(lockdown->id);
  made["locked"] = json_of(lockdown->locked);
  made["approvals"] = lockdown->approvals;
  put_optional(made, "locked_by", lockdown->locked_by);
  return made;
}

Result<Answer> read(Services& services, const Ask&) {
  SEALIFT_TRY(const auto current, services.catalog.read([](const catalog::Records& records) {
    return records.lockdowns->current();
  }));
  return json_reply(http::Status::ok, lockdown_json(current));
}

// Those who can end it, and those whose officers' duty it touches.
Result<void> tell_everyone_in_charge(Services& services, catalog::Records& records,
                                     catalog::MailTemplate text, base::UnixTime now) {
  catalog::Page page{std::nullopt, 1000};
  while (true) {
    SEALIFT_TRY(const auto accounts, records.accounts->list(page));
    for (const catalog::Account& account : accounts) {
      if (!account.roles.administrator && !account.roles.recovery_officer) continue;
      SEALIFT_TRY_VOID(
          post_letter(services, records,
                      {.text = text, .to = account.id, .who = std::nullopt, .when = now}, now));
    }
    if (accounts.size() < page.rows_max) return {};
    page.before = accounts.back().cursor;
  }
}

Result<void> lock_down(Services& services, catalog::Records& records, const Ask& ask,
                       const catalog::LockdownId& id) {
  SEALIFT_TRY(const auto locked, records.lockdowns->lock(id, ask.account(), ask.now));
  if (locked != catalog::Insert::added) return base::fail(ErrorCode::conflict, "locked already");
  SEALIFT_TRY_VOID(records.sessions->end_all());
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  if (policy.lockdown_halves == catalog::LockdownHalves::destroyed) {
    SEALIFT_TRY_VOID(records.links->destroy_all_halves());
  }
  SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::locked_down,
                                                  .happened = ask.now,
                                                  .account = ask.account(),
                                                  .facts = {{"lockdown", json_of(id)}}}));
  return tell_everyone_in_charge(services, records, catalog::MailTemplate::locked_down, ask.now);
}

Result<Answer> lock(Services& services, const Ask& ask) {
  const catalog::LockdownId id{services.random.array<16>()};
  const auto locked = commit(
      services, [&](catalog::Records& records) { return lock_down(services, records, ask, id); });
  if (!locked) return tl::unexpected(locked.error());
  const catalog::Lockdown made{.id = id,
                               .locked_by = ask.account(),
                               .locked = ask.now,
                               .reopened = std::nullopt,
                               .approvals = 0};
  return json_reply(http::Status::created, lockdown_json(made));
}

Result<catalog::LockdownId> take_id(const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto id = body.id<catalog::LockdownId>("id");
  SEALIFT_TRY_VOID(body.done());
  return id;
}

Result<void> outcome_of(catalog::Change change) {
  if (change == catalog::Change::absent) return base::fail(ErrorCode::not_found, "lock-down");
  if (change == catalog::Change::stale) return base::fail(ErrorCode::conflict, "approvals");
  return {};
}

Result<Answer> approve(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, take_id(ask));
  const auto approved = commit(services, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto change,
                records.lockdowns->approve_reopening(id, ask.account(), ask.now));
    if (change == catalog::Change::stale) return {};  // approved before
    SEALIFT_TRY_VOID(outcome_of(change));
    SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::reopening_approved,
                                                    .happened = ask.now,
                                                    .account = ask.account(),
                                                    .facts = {{"lockdown", json_of(id)}}}));
    return {};
  });
  if (!approved) return tl::unexpected(approved.error());
  return empty_reply();
}

Result<Answer> reopen(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, take_id(ask));
  const auto reopened = commit(services, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto change,
                records.lockdowns->reopen(id, services.settings.reopening_approvals_min, ask.now));
    SEALIFT_TRY_VOID(outcome_of(change));
    SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::reopened,
                                                    .happened = ask.now,
                                                    .account = ask.account(),
                                                    .facts = {{"lockdown", json_of(id)}}}));
    return tell_everyone_in_charge(services, records, catalog::MailTemplate::reopened, ask.now);
  });
  if (!reopened) return tl::unexpected(reopened.error());
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"lockdown.read", read},
    {"lockdown.lock", lock},
    {"lockdown.approve_reopening", approve},
    {"lockdown.reopen", reopen},
};

}  // namespace

std::span<const HandlerRow> lockdown_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
