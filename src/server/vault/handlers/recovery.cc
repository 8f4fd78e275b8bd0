// Recovery: giving out an account's recovery slot. It takes several officers and a delay in which
// the account's owner, who is told at once, can say no. Every step is logged. An administrator who
// is no officer can do none of it.
//
// What this file judges is the server's word. What holds against a server that lies is the slot
// (docs/formats/account.md): it opens with the officers' shares, each of which its officer's client
// seals to the recovery's recipient, and with the half that leaves the vault here, in release().
#include <algorithm>

#include "age/keys/recipient.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/slot_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Approve;
using catalog::Recovery;
using catalog::Release;
using nlohmann::json;

constexpr std::size_t kRecipientSizeMax = 2200;

json recovery_json(const Recovery& recovery) {
  json made = {{"id", json_of(recovery.id)},
               {"account", json_of(recovery.account)},
               {"asked_by", json_of(recovery.asked_by)},
               {"approvals", recovery.approvals},
               {"created", json_of(recovery.created)},
               {"not_before", json_of(recovery.not_before)}};
  if (!recovery.recipient.empty()) made["recipient"] = recovery.recipient;
  return made;
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

// As many as the server asks for, and as many as the shares need.
Result<std::uint32_t> approvals_min(const Services& services, const catalog::Records& records,
                                    const Recovery& recovery) {
  SEALIFT_TRY(const auto slot, recovery_slot(records, recovery.account));
  SEALIFT_TRY(const auto dealt, records.recoveries->dealt(slot.id));
  return std::max(services.settings.recovery_approvals_min, dealt ? dealt->threshold : 0);
}

// Without another, the asking officer's own key.
Result<std::string> recipient_of(const catalog::Records& records, const Ask& ask,
                                 const std::optional<std::string>& named) {
  if (named) return *named;
  SEALIFT_TRY(const auto key, records.directory->newest(ask.account()));
  if (!key) return base::fail(ErrorCode::internal, "an officer without a key");
  return key->recipient;
}

Result<Recovery> ask_for(Services& services, catalog::Records& records, const Ask& ask,
                         const catalog::AccountId& account,
                         const std::optional<std::string>& named) {
  SEALIFT_TRY_VOID(recovery_slot(records, account));
  SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
  if (waiting.size() >= limits::kRecoveriesMax)
    return base::refuse("recoveries_max", {{"max", limits::kRecoveriesMax}});
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY(const std::string recipient, recipient_of(records, ask, named));
  const Recovery recovery{.id = {services.random.array<16>()},
                          .account = account,
                          .asked_by = ask.account(),
                          .created = ask.now,
                          .not_before = ask.now + policy.recovery_delay_ms_min,
                          .recipient = recipient};
  SEALIFT_TRY(const auto added, records.recoveries->ask(recovery));
  if (added != catalog::Insert::added) {
    const auto before = std::ranges::find_if(waiting, [&](const Recovery& each) {
      return each.account == account && each.asked_by == ask.account() &&
             each.recipient == recipient;
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
  const auto recipient = body.optional_text("recipient", kRecipientSizeMax);
  if (recipient) {
    const auto parsed = age::Recipient::parse(*recipient);
    if (!parsed || parsed->text() != *recipient) body.refuse("recipient");
  }
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const Recovery recovery, commit_act(services, ask, [&](catalog::Records& records) {
                return ask_for(services, records, ask, account, recipient);
              }));
  return json_reply(http::Status::created, recovery_json(recovery));
}

// The share that was dealt to this officer, if one was.
const catalog::RecoveryShare* share_of(const std::optional<catalog::DealtRecovery>& dealt,
                                       const catalog::AccountId& officer) {
  if (!dealt) return nullptr;
  const auto found = std::ranges::find(dealt->shares, officer, &catalog::RecoveryShare::officer);
  return found == dealt->shares.end() ? nullptr : &*found;
}

// With how many approvals it takes, and the asking officer's own share.
Result<json> listed(Services& services, const catalog::Records& records, const Ask& ask,
                    const Recovery& recovery) {
  json made = recovery_json(recovery);
  const auto slot = recovery_slot(records, recovery.account);
  if (!slot) return made;  // its owner ended it meanwhile
  SEALIFT_TRY(const auto dealt, records.recoveries->dealt(slot->id));
  made["in_shares"] = dealt.has_value();
  SEALIFT_TRY(made["approvals_needed"], approvals_min(services, records, recovery));
  const catalog::RecoveryShare* const share = share_of(dealt, ask.account());
  if (share == nullptr) return made;
  SEALIFT_TRY(const auto file,
              services.keys.unwrap(WrapFor::recovery_share, slot->id.view(), share->wrapped));
  made["share"] = json_of(file.view());
  return made;
}

Result<Answer> list(Services& services, const Ask& ask) {
  SEALIFT_TRY(json all, services.catalog.read([&](const catalog::Records& records) -> Result<json> {
    SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
    json found = json::array();
    for (const Recovery& recovery : waiting) {
      SEALIFT_TRY(json one, listed(services, records, ask, recovery));
      found.push_back(std::move(one));
    }
    return found;
  }));
  return json_reply(http::Status::ok, {{"recoveries", std::move(all)}});
}

// What the account's owner sees: who could bring its keys back, and what waits.
Result<json> own_json(Services& services, const catalog::Records& records, const Ask& ask) {
  json made = {{"has_slot", false},
               {"threshold", services.settings.recovery_approvals_min},
               {"shared_with", json::array()}};
  SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
  const auto own = std::ranges::find(waiting, ask.account(), &Recovery::account);
  if (own != waiting.end()) made["waiting"] = recovery_json(*own);
  SEALIFT_TRY_VOID(add_officer_set(records, made));
  const auto slot = recovery_slot(records, ask.account());
  if (!slot) return made;
  made["has_slot"] = true;
  made["generation"] = slot->generation.value;
  SEALIFT_TRY(const auto dealt, records.recoveries->dealt(slot->id));
  if (!dealt) return made;
  made["shares_needed"] = dealt->threshold;
  for (const catalog::RecoveryShare& share : dealt->shares)
    made["shared_with"].push_back(json_of(share.officer));
  return made;
}

Result<Answer> read_own(Services& services, const Ask& ask) {
  SEALIFT_TRY(json made, services.catalog.read([&](const catalog::Records& records) {
    return own_json(services, records, ask);
  }));
  SEALIFT_TRY(made["officers"], recovery_officers_json(services));
  return json_reply(http::Status::ok, made);
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

// Where the slot is in shares, the approval is the officer's; without it there is nothing to count.
Result<void> approve_by(Services& services, catalog::Records& records, const Ask& ask,
                        base::ByteView share) {
  SEALIFT_TRY(const Recovery recovery, find_recovery(records, ask));
  base::Bytes wrapped;
  if (recovery.state == catalog::RecoveryState::waiting) {
    SEALIFT_TRY(const auto slot, recovery_slot(records, recovery.account));
    SEALIFT_TRY(const auto dealt, records.recoveries->dealt(slot.id));
    if (dealt.has_value() == share.empty()) return base::refuse("share_missing");
    const bool is_shared = share_of(dealt, ask.account()) != nullptr;
    const bool is_own = recovery.account == ask.account();
    if (dealt && !is_own && !is_shared) return base::refuse("not_an_officer");
  }
  if (!share.empty())
    wrapped =
        services.keys.wrap(WrapFor::recovery_share, recovery.id.view(), share, services.random);
  SEALIFT_TRY(const Approve outcome,
              records.recoveries->approve(recovery.id, ask.account(), wrapped, ask.now));
  SEALIFT_TRY_VOID(outcome_of(outcome));
  if (outcome == Approve::again) return {};
  return note(services, records, ask, Logged::recovery_approved, recovery);
}

Result<Answer> approve(Services& services, const Ask& ask) {
  const auto approved = commit_act(services, ask, [&](catalog::Records& records) {
    return approve_by(services, records, ask, {});
  });
  if (!approved) return tl::unexpected(approved.error());
  return empty_reply();
}

Result<Answer> give_share(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const base::Bytes share = body.bytes("share", kShareFileSizeMax);
  if (!is_age_file(share)) body.refuse("share");
  SEALIFT_TRY_VOID(body.done());
  const auto approved = commit_act(services, ask, [&](catalog::Records& records) {
    return approve_by(services, records, ask, share);
  });
  if (!approved) return tl::unexpected(approved.error());
  return empty_reply();
}

// To this officer, and the answer may have been lost. Not what was dealt since.
Result<bool> was_given_out_just_now(const catalog::Records& records, const Ask& ask,
                                    const Recovery& recovery) {
  constexpr std::chrono::minutes kJustNow{10};
  SEALIFT_TRY(const auto events,
              records.custody->list({.account = recovery.account, .from = ask.now - kJustNow},
                                    {.before = std::nullopt, .rows_max = 100}));
  const auto slot = recovery_slot(records, recovery.account);
  if (!slot) return false;
  return std::ranges::any_of(events, [&](const catalog::CustodyEvent& each) {
    if (!is_of_kind(each, Logged::recovery_released) || each.happened < slot->created) return false;
    const json event = json::parse(base::text_of(each.event));
    return event.value("recovery", "") == json_of(recovery.id) &&
           event.value("by", "") == json_of(ask.account());
  });
}

struct GivenOut {
  catalog::Slot slot;
  std::optional<catalog::DealtRecovery> dealt;
  std::vector<catalog::RecoveryShare> shares;
};

Result<GivenOut> given_out(const catalog::Records& records, const Recovery& recovery) {
  GivenOut given;
  SEALIFT_TRY(given.slot, recovery_slot(records, recovery.account));
  SEALIFT_TRY(given.dealt, records.recoveries->dealt(given.slot.id));
  SEALIFT_TRY(given.shares, records.recoveries->approved_shares(recovery.id));
  return given;
}

Result<GivenOut> give_out(Services& services, catalog::Records& records, const Ask& ask) {
  SEALIFT_TRY(const Recovery recovery, find_recovery(records, ask));
  SEALIFT_TRY(const std::uint32_t approvals, approvals_min(services, records, recovery));
  SEALIFT_TRY(const Release outcome, records.recoveries->release(recovery.id, approvals, ask.now));
  SEALIFT_TRY(const bool is_lost, was_given_out_just_now(records, ask, recovery));
  if (outcome == Release::not_waiting && is_lost) return given_out(records, recovery);
  if (outcome != Release::released) return base::refuse("recovery_not_due");
  SEALIFT_TRY_VOID(note(services, records, ask, Logged::recovery_released, recovery));
  SEALIFT_TRY_VOID(post_letter(services, records,
                               {.text = catalog::MailTemplate::recovery_released,
                                .to = recovery.account,
                                .who = ask.account(),
                                .when = ask.now},
                               ask.now));
  return given_out(records, recovery);
}

// The server's half leaves it here, and nowhere else.
Result<json> given_json(const Services& services, const GivenOut& given,
                        const catalog::RecoveryId& recovery) {
  json made = json::object();
  SEALIFT_TRY(made["slot"], slot_json(services, given.slot));
  if (!given.dealt) return made;
  SEALIFT_TRY(const auto half, services.keys.unwrap(WrapFor::recovery_half, given.slot.id.view(),
                                                    given.dealt->wrapped_half));
  made["half"] = json_of(half.view());
  made["shares"] = json::array();
  for (const catalog::RecoveryShare& each : given.shares) {
    SEALIFT_TRY(const auto share,
                services.keys.unwrap(WrapFor::recovery_share, recovery.view(), each.wrapped));
    made["shares"].push_back(json_of(share.view()));
  }
  return made;
}

Result<Answer> release(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::RecoveryId>(0));
  SEALIFT_TRY(const GivenOut given, commit_act(services, ask, [&](catalog::Records& records) {
                return give_out(services, records, ask);
              }));
  SEALIFT_TRY(const json made, given_json(services, given, id));
  return json_reply(http::Status::ok, made);
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
    {"recovery.ask", ask_recovery},  {"recovery.list", list},
    {"recovery.approve", approve},   {"recovery.give_share", give_share},
    {"recovery.release", release},   {"recovery.cancel", cancel},
    {"recovery.read_own", read_own},
};

}  // namespace

std::span<const HandlerRow> recovery_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
