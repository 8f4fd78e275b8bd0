// Lock-down: one person locks in one step; two administrators reopen, or the only one there is.
//
// Locking ends every login, and the gate refuses everything that gives out, takes in or changes
// from the next request on. The log and the evidence stay.
#include <algorithm>

#include "base/refusal.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/locking.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

// Of as many as there are: an organisation with one administrator is reopened by that one. Who
// suspends the others isn't the only one.
Result<std::uint32_t> approvals_needed(const Services& services, const catalog::Records& records) {
  SEALIFT_TRY(const std::uint64_t there, records.accounts->administrators());
  const std::uint64_t wanted = services.settings.reopening_approvals_min;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(there, 1, wanted));
}

json lockdown_json(const std::optional<catalog::Lockdown>& lockdown,
                   std::uint32_t approvals_needed) {
  json made = {{"is_locked", lockdown.has_value()}};
  if (!lockdown) return made;
  made["id"] = json_of(lockdown->id);
  made["locked"] = json_of(lockdown->locked);
  made["approvals"] = lockdown->approvals;
  made["approvals_needed"] = approvals_needed;
  put_optional(made, "locked_by", lockdown->locked_by);
  return made;
}

Result<Answer> read(Services& services, const Ask&) {
  return services.catalog.read([&](const catalog::Records& records) -> Result<Answer> {
    SEALIFT_TRY(const auto current, records.lockdowns->current());
    SEALIFT_TRY(const std::uint32_t needed, approvals_needed(services, records));
    return json_reply(http::Status::ok, lockdown_json(current, needed));
  });
}

Result<Answer> lock(Services& services, const Ask& ask) {
  const catalog::LockdownId id{services.random.array<16>()};
  std::uint32_t needed = 0;
  const auto locked = commit(services, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(needed, approvals_needed(services, records));
    SEALIFT_TRY(const auto outcome, lock_down(post_office(services), services.notary, records,
                                              {id, ask.account(), ask.now}));
    if (outcome != catalog::Insert::added) return base::refuse("locked_already");
    return {};
  });
  if (!locked) return tl::unexpected(locked.error());
  scrub_later(services);
  const catalog::Lockdown made{.id = id,
                               .locked_by = ask.account(),
                               .locked = ask.now,
                               .reopened = std::nullopt,
                               .approvals = 0};
  return json_reply(http::Status::created, lockdown_json(made, needed));
}

Result<catalog::LockdownId> take_id(const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto id = body.id<catalog::LockdownId>("id");
  SEALIFT_TRY_VOID(body.done());
  return id;
}

Result<void> outcome_of(catalog::Change change) {
  if (change == catalog::Change::absent) return base::refuse("not_locked");
  if (change == catalog::Change::stale) return base::refuse("approved_already");
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
    SEALIFT_TRY(const std::uint32_t needed, approvals_needed(services, records));
    SEALIFT_TRY(const auto change, records.lockdowns->reopen(id, needed, ask.now));
    SEALIFT_TRY_VOID(outcome_of(change));
    SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::reopened,
                                                    .happened = ask.now,
                                                    .account = ask.account(),
                                                    .facts = {{"lockdown", json_of(id)}}}));
    return post_announcement(post_office(services), records,
                             {.text = catalog::MailTemplate::reopened, .when = ask.now}, ask.now);
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
