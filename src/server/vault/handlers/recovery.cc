// Recovery: giving an account's recovery slot to the officers it is sealed to. It takes several
// officers and a delay in which the account's owner, who is told at once, can say no. Every step is
// logged. An administrator who is no officer can do none of it.
#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Approve;
using catalog::Recovery;
using catalog::Release;
using nlohmann::json;

json recovery_json(const Recovery& recovery) {
  return {{"id", json_of(recovery.id)},
          {"account", json_of(recovery.account)},
          {"asked_by", json_of(recovery.asked_by)},
          {"approvals", recovery.approvals},
          {"created", json_of(recovery.created)},
          {"not_before", json_of(recovery.not_before)}};
}

Result<catalog::Slot> recovery_slot(const catalog::Records& records,
                                    const catalog::AccountId& account) {
  SEALIFT_TRY(const auto slots, records.slots->list(account));
  const auto found = std::ranges::find(slots, catalog::SlotKind::recovery, &catalog::Slot::kind);
  if (found == slots.end()) return base::refuse("no_recovery");
  return *found;
}

Result<void> note(Services& services, catalog::Records& records, const Ask& ask, Logged kind,
                  const Recovery& recovery) {
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = kind,
                .happened = ask.now,
                .account = recovery.account,
                .facts = {{"by", json_of(ask.account())}, {"recovery", json_of(recovery.id)}}}));
  return {};
}

Result<Recovery> find_recovery(const catalog::Records& records, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::RecoveryId>(0));
  SEALIFT_TRY(auto found, records.recoveries->find(id));
  if (!found) return base::refuse("no_recovery");
  return *std::move(found);
}

Result<Recovery> ask_for(Services& services, catalog::Records& records, const Ask& ask,
                         const catalog::AccountId& account) {
  SEALIFT_TRY_VOID(recovery_slot(records, account));
  SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
  if (waiting.size() >= limits::kRecoveriesMax)
    return base::refuse("recoveries_max", {{"max", limits::kRecoveriesMax}});
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  const Recovery recovery{.id = {services.random.array<16>()},
                          .account = account,
                          .asked_by = ask.account(),
                          .created = ask.now,
                          .not_before = ask.now + policy.recovery_delay_ms_min};
  SEALIFT_TRY(const auto added, records.recoveries->ask(recovery));
  if (added != catalog::Insert::added) {
    const auto before = std::ranges::find_if(waiting, [&](const Recovery& each) {
      return each.account == account && each.asked_by == ask.account();
    });
    if (before != waiting.end()) return *before;  // asked for again: the answer was lost
    return base::refuse("recovery_waits");
  }
  SEALIFT_TRY_VOID(note(services, records, ask, Logged::recovery_asked, recovery));
  SEALIFT_TRY_VOID(post_letter(services, records,
                               {.text = catalog::MailTemplate::recovery_asked,
                                .to = account,
                                .who = ask.account(),
                                .when = recovery.not_before},
                               ask.now));
  return recovery;
}

Result<Answer> ask_recovery(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto account = body.id<catalog::AccountId>("account");
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const Recovery recovery, commit_act(services, ask, [&](catalog::Records& records) {
                return ask_for(services, records, ask, account);
              }));
  return json_reply(http::Status::created, recovery_json(recovery));
}

Result<Answer> list(Services& services, const Ask&) {
  SEALIFT_TRY(const auto waiting, services.catalog.read([](const catalog::Records& records) {
    return records.recoveries->waiting();
  }));
  json all = json::array();
  for (const Recovery& recovery : waiting) all.push_back(recovery_json(recovery));
  return json_reply(http::Status::ok, {{"recoveries", std::move(all)}});
}

Result<void> outcome_of(Approve approve) {
  switch (approve) {
    case Approve::approved:
    case Approve::again:
      return {};
    case Approve::own_account:
      return base::refuse("own_recovery");
    case Approve::not_an_officer:
      return base::refuse("not_an_officer");
    case Approve::not_waiting:
      return base::refuse("recovery_over");
  }
  return base::fail(ErrorCode::internal, "approval");
}

Result<Answer> approve(Services& services, const Ask& ask) {
  const auto approved = commit_act(services, ask, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const Recovery recovery, find_recovery(records, ask));
    SEALIFT_TRY(const Approve outcome,
                records.recoveries->approve(recovery.id, ask.account(), ask.now));
    SEALIFT_TRY_VOID(outcome_of(outcome));
    if (outcome == Approve::again) return {};
    return note(services, records, ask, Logged::recovery_approved, recovery);
  });
  if (!approved) return tl::unexpected(approved.error());
  return empty_reply();
}

// To this officer, and the answer may have been lost.
Result<bool> was_given_out_just_now(const catalog::Records& records, const Ask& ask,
                                    const Recovery& recovery) {
  constexpr std::chrono::minutes kJustNow{10};
  SEALIFT_TRY(const auto events,
              records.custody->list({.account = recovery.account, .from = ask.now - kJustNow},
                                    {.before = std::nullopt, .rows_max = 100}));
  return std::ranges::any_of(events, [&](const catalog::CustodyEvent& each) {
    if (!is_of_kind(each, Logged::recovery_released)) return false;
    const json event = json::parse(base::text_of(each.event));
    return event.value("recovery", "") == json_of(recovery.id) &&
           event.value("by", "") == json_of(ask.account());
  });
}

Result<catalog::Slot> give_out(Services& services, catalog::Records& records, const Ask& ask) {
  SEALIFT_TRY(const Recovery recovery, find_recovery(records, ask));
  SEALIFT_TRY(
      const Release outcome,
      records.recoveries->release(recovery.id, services.settings.recovery_approvals_min, ask.now));
  SEALIFT_TRY(const bool is_lost, was_given_out_just_now(records, ask, recovery));
  if (outcome == Release::not_waiting && is_lost) return recovery_slot(records, recovery.account);
  if (outcome != Release::released) return base::refuse("recovery_not_due");
  SEALIFT_TRY(auto slot, recovery_slot(records, recovery.account));
  SEALIFT_TRY_VOID(note(services, records, ask, Logged::recovery_released, recovery));
  SEALIFT_TRY_VOID(post_letter(services, records,
                               {.text = catalog::MailTemplate::recovery_released,
                                .to = recovery.account,
                                .who = ask.account(),
                                .when = ask.now},
                               ask.now));
  return slot;
}

Result<Answer> release(Services& services, const Ask& ask) {
  SEALIFT_TRY(const catalog::Slot slot, commit_act(services, ask, [&](catalog::Records& records) {
                return give_out(services, records, ask);
              }));
  SEALIFT_TRY(json spoken, slot_json(services, slot));
  return json_reply(http::Status::ok, {{"slot", std::move(spoken)}});
}

// By its account, or by an officer; to anyone else there is no such recovery.
Result<Answer> cancel(Services& services, const Ask& ask) {
  const auto cancelled = commit_act(services, ask, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const Recovery recovery, find_recovery(records, ask));
    const bool may =
        recovery.account == ask.account() || ask.caller.session->roles.recovery_officer;
    if (!may) return base::refuse("no_recovery");
    if (recovery.state == catalog::RecoveryState::cancelled) return {};
    SEALIFT_TRY(const auto outcome, records.recoveries->cancel(recovery.id));
    if (outcome != catalog::Change::done) return base::refuse("recovery_over");
    return note(services, records, ask, Logged::recovery_cancelled, recovery);
  });
  if (!cancelled) return tl::unexpected(cancelled.error());
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"recovery.ask", ask_recovery}, {"recovery.list", list},     {"recovery.approve", approve},
    {"recovery.release", release},  {"recovery.cancel", cancel},
};

}  // namespace

std::span<const HandlerRow> recovery_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
