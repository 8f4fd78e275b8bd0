#include "server/vault/proposals.h"

#include <algorithm>

#include "base/refusal.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/policy_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Proposal;
using catalog::ProposalKind;
using catalog::ProposalState;
using catalog::Records;
using nlohmann::json;

// After that, nobody remembers what it was for.
constexpr std::chrono::hours kWaitsMax{30 * 24};
constexpr std::size_t kProposalsMax = 100;

std::string_view kind_word(ProposalKind kind) {
  return kind == ProposalKind::roles ? "roles" : "policy";
}

json change_of(const Proposal& proposal) {
  return json::parse(base::text_of(proposal.change), nullptr, /*allow_exceptions=*/false);
}

Result<catalog::Roles> roles_of(const Proposal& proposal) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(proposal.change));
  const catalog::Roles roles = take_roles(body);
  SEALIFT_TRY_VOID(body.done());
  return roles;
}

// What the log says of it: which roles or settings, not to whose words.
json facts_of(const Proposal& proposal) {
  json facts = {{"proposal", json_of(proposal.id)}, {"change", kind_word(proposal.kind)}};
  if (proposal.kind == ProposalKind::roles) {
    facts["roles"] = change_of(proposal);
  } else {
    const json settings = change_of(proposal);
    facts["settings"] = json::array();
    for (const auto& [name, value] : settings.items()) facts["settings"].push_back(name);
  }
  return facts;
}

Result<void> note(Notary& notary, Records& records, Logged kind, const Proposal& proposal,
                  const json& more, base::UnixTime now) {
  Note made{.kind = kind, .happened = now, .facts = facts_of(proposal)};
  if (proposal.kind == ProposalKind::roles) made.account = proposal.account;
  made.facts.update(more);
  SEALIFT_TRY_VOID(notary.note(records, made));
  return {};
}

// With one administrator, everybody: nobody else could object.
Result<Readers> readers_of(const Records& records) {
  SEALIFT_TRY(const std::uint64_t administrators, records.accounts->administrators());
  return administrators > 1 ? Readers::in_charge : Readers::everybody;
}

Result<void> announce(Services& services, Records& records, catalog::MailTemplate text,
                      Readers readers, const catalog::AccountId& who, base::UnixTime when,
                      base::UnixTime now) {
  return post_announcement(post_office(services), records,
                           {.text = text, .readers = readers, .who = who, .when = when}, now);
}

Result<Proposal> find_waiting(const Records& records, const catalog::ProposalId& id) {
  SEALIFT_TRY(auto found, records.proposals->find(id));
  if (!found) return base::refuse("no_proposal");
  if (found->state != ProposalState::waiting) return base::refuse("proposal_over");
  return *std::move(found);
}

Result<void> end(Notary& notary, Records& records, const Proposal& proposal, std::string_view why,
                 base::UnixTime now) {
  SEALIFT_TRY_VOID(records.proposals->end(proposal.id, ProposalState::withdrawn, now));
  return note(notary, records, Logged::proposal_withdrawn, proposal, {{"why", why}}, now);
}

json done_by(const Proposal& proposal) {
  json facts = {{"by", json_of(proposal.proposed_by)}};
  if (proposal.confirmed_by) facts["confirmed_by"] = json_of(*proposal.confirmed_by);
  return facts;
}

// Why it can't be done any more; empty: it was.
Result<std::string_view> give_roles(Services& services, Records& records, const Proposal& proposal,
                                    base::UnixTime now) {
  SEALIFT_TRY(const catalog::Roles roles, roles_of(proposal));
  SEALIFT_TRY(const auto account, records.accounts->find(proposal.account));
  if (!account || account->state == catalog::AccountState::closed) return "account_closed";
  const bool is_active = account->state == catalog::AccountState::active;
  if (is_active && account->roles.administrator && !roles.administrator) {
    SEALIFT_TRY(const std::uint64_t active, records.accounts->active_administrators());
    if (active == 1) return "last_administrator";
  }
  SEALIFT_TRY_VOID(records.accounts->set_roles(proposal.account, roles));
  SEALIFT_TRY_VOID(
      note(services.notary, records, Logged::account_changed, proposal, done_by(proposal), now));
  return "";
}

Result<std::string_view> weaken_policy(Services& services, Records& records,
                                       const Proposal& proposal, base::UnixTime now) {
  SEALIFT_TRY(const catalog::Policy present, records.policies->current());
  const auto weaker = weakened_policy(present, change_of(proposal));
  if (!weaker) return "policy_changed";
  SEALIFT_TRY_VOID(records.policies->replace(*weaker));
  json facts = done_by(proposal);
  facts["revision"] = present.revision.value + 1;
  SEALIFT_TRY_VOID(note(services.notary, records, Logged::policy_changed, proposal, facts, now));
  return "";
}

Result<void> make(Services& services, Records& records, const Proposal& proposal,
                  base::UnixTime now) {
  SEALIFT_TRY(const Readers readers, readers_of(records));  // before it takes effect
  SEALIFT_TRY(const std::string_view why, proposal.kind == ProposalKind::roles
                                              ? give_roles(services, records, proposal, now)
                                              : weaken_policy(services, records, proposal, now));
  if (!why.empty()) return end(services.notary, records, proposal, why, now);
  SEALIFT_TRY_VOID(records.proposals->end(proposal.id, ProposalState::done, now));
  return announce(services, records, catalog::MailTemplate::proposal_done, readers,
                  proposal.proposed_by, now, now);
}

enum class Turn : std::uint8_t { waits, is_due, is_over };
// It is due once the account is there: the invited person may not have enrolled yet.
Result<Turn> turn_of(const Records& records, const Proposal& proposal, base::UnixTime now) {
  if (proposal.not_before.value_or(proposal.proposed) + kWaitsMax <= now) return Turn::is_over;
  if (!proposal.not_before || *proposal.not_before > now) return Turn::waits;
  if (proposal.kind == ProposalKind::policy) return Turn::is_due;
  SEALIFT_TRY(const auto account, records.accounts->find(proposal.account));
  return account ? Turn::is_due : Turn::waits;
}

Result<bool> has_due(const Records& records, base::UnixTime now) {
  SEALIFT_TRY(const auto waiting, records.proposals->waiting());
  for (const Proposal& each : waiting) {
    SEALIFT_TRY(const Turn turn, turn_of(records, each, now));
    if (turn != Turn::waits) return true;
  }
  return false;
}

// Whose account it is about: enrolled, or invited.
Result<std::optional<std::string>> address_of_account(const Services& services,
                                                      const Records& records,
                                                      const catalog::AccountId& id,
                                                      base::UnixTime now) {
  SEALIFT_TRY(const auto account, records.accounts->find(id));
  if (account) {
    SEALIFT_TRY(const parcel::Address address, address_of(services.keys, *account));
    return address.text();
  }
  SEALIFT_TRY(const auto invited, records.enrolments->list_live(now));
  for (const catalog::Enrolment& each : invited) {
    if (each.id.bytes != id.bytes) continue;
    SEALIFT_TRY(const auto address,
                services.keys.unwrap(WrapFor::address, each.id.view(), each.sealed_address));
    return std::string(base::text_of(address.view()));
  }
  return std::nullopt;
}

}  // namespace

Result<bool> is_proposed(const Records& records, const catalog::AccountId& by, const Wish& wish) {
  SEALIFT_TRY(const auto waiting, records.proposals->waiting());
  return std::ranges::any_of(waiting, [&](const Proposal& each) {
    return each.kind == wish.kind && each.account == wish.account && each.proposed_by == by &&
           change_of(each) == wish.change;
  });
}

Result<void> propose(Services& services, Records& records, const Ask& ask, const Wish& wish) {
  SEALIFT_TRY(const bool is_again, is_proposed(records, ask.account(), wish));
  if (is_again) return {};
  SEALIFT_TRY(const auto waiting, records.proposals->waiting());
  if (waiting.size() >= kProposalsMax)
    return base::refuse("proposals_max", {{"max", kProposalsMax}});
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY(const std::uint64_t administrators, records.accounts->administrators());
  Proposal proposal{.id = {services.random.array<16>()},
                    .kind = wish.kind,
                    .account = wish.account,
                    .change = base::copy_of(base::bytes_of(wish.change.dump())),
                    .proposed_by = ask.account(),
                    .proposed = ask.now};
  const base::UnixTime earliest = ask.now + policy.proposal_delay_ms_min;
  if (administrators < 2) proposal.not_before = earliest;
  SEALIFT_TRY(const auto added, records.proposals->add(proposal));
  if (added != catalog::Insert::added) return base::refuse("proposal_waits");
  SEALIFT_TRY_VOID(note(services.notary, records, Logged::proposal_made, proposal,
                        {{"by", json_of(ask.account())}}, ask.now));
  SEALIFT_TRY(const Readers readers, readers_of(records));
  return announce(services, records, catalog::MailTemplate::proposal_made, readers, ask.account(),
                  earliest, ask.now);
}

Result<void> confirm_proposal(Services& services, Records& records, const Ask& ask,
                              const catalog::ProposalId& id) {
  SEALIFT_TRY(const Proposal proposal, find_waiting(records, id));
  if (proposal.proposed_by == ask.account()) return base::refuse("own_proposal");
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY(const std::uint64_t given,
              records.proposals->roles_given(ask.account(), proposal.proposed_by,
                                             ask.now - policy.proposal_delay_ms_min));
  if (given > 0) return base::refuse("new_administrator");
  const base::UnixTime not_before = ask.now + policy.proposal_delay_ms_min;
  SEALIFT_TRY(const auto outcome, records.proposals->confirm(id, ask.account(), not_before));
  if (outcome != catalog::Change::done) return {};  // it was before, or there was nobody to do it
  SEALIFT_TRY_VOID(note(services.notary, records, Logged::proposal_confirmed, proposal,
                        {{"by", json_of(ask.account())}}, ask.now));
  SEALIFT_TRY(const Readers readers, readers_of(records));
  return announce(services, records, catalog::MailTemplate::proposal_confirmed, readers,
                  ask.account(), not_before, ask.now);
}

Result<void> withdraw_proposal(Services& services, Records& records, const Ask& ask,
                               const catalog::ProposalId& id) {
  SEALIFT_TRY(const auto found, records.proposals->find(id));
  if (!found) return base::refuse("no_proposal");
  if (found->state == ProposalState::withdrawn) return {};  // asked again
  if (found->state == ProposalState::done) return base::refuse("proposal_over");
  SEALIFT_TRY_VOID(records.proposals->end(id, ProposalState::withdrawn, ask.now));
  SEALIFT_TRY_VOID(note(services.notary, records, Logged::proposal_withdrawn, *found,
                        {{"by", json_of(ask.account())}}, ask.now));
  SEALIFT_TRY(const Readers readers, readers_of(records));
  return announce(services, records, catalog::MailTemplate::proposal_withdrawn, readers,
                  ask.account(), ask.now, ask.now);
}

Result<void> withdraw_proposals_of(Notary& notary, Records& records,
                                   const catalog::AccountId& account, base::UnixTime now) {
  SEALIFT_TRY(const auto waiting, records.proposals->waiting());
  for (const Proposal& each : waiting) {
    if (each.kind == ProposalKind::roles && each.account == account)
      SEALIFT_TRY_VOID(end(notary, records, each, "invitation_withdrawn", now));
  }
  return {};
}

Result<void> withdraw_all_proposals(Notary& notary, Records& records, base::UnixTime now) {
  SEALIFT_TRY(const auto waiting, records.proposals->waiting());
  for (const Proposal& each : waiting)
    SEALIFT_TRY_VOID(end(notary, records, each, "locked_down", now));
  return {};
}

Result<void> make_due_changes(Services& services, base::UnixTime now) {
  SEALIFT_TRY(const bool is_any,
              services.catalog.read([&](const Records& records) { return has_due(records, now); }));
  if (!is_any) return {};
  return commit(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY(const auto waiting, records.proposals->waiting());
    for (const Proposal& each : waiting) {
      SEALIFT_TRY(const Turn turn, turn_of(records, each, now));
      if (turn == Turn::is_over)
        SEALIFT_TRY_VOID(end(services.notary, records, each, "expired", now));
      if (turn == Turn::is_due) SEALIFT_TRY_VOID(make(services, records, each, now));
    }
    return {};
  });
}

Result<json> proposal_json(const Services& services, const Records& records,
                           const Proposal& proposal, base::UnixTime now) {
  json made = {{"id", json_of(proposal.id)},
               {"proposed_by", json_of(proposal.proposed_by)},
               {"proposed", json_of(proposal.proposed)}};
  put_optional(made, "confirmed_by", proposal.confirmed_by);
  put_optional(made, "not_before", proposal.not_before);
  SEALIFT_TRY(const auto proposer,
              address_of_account(services, records, proposal.proposed_by, now));
  put_optional(made, "proposer", proposer);
  if (proposal.kind == ProposalKind::roles) {
    made["account"] = json_of(proposal.account);
    made["roles"] = change_of(proposal);
    SEALIFT_TRY(const auto address, address_of_account(services, records, proposal.account, now));
    put_optional(made, "address", address);
    return made;
  }
  const json settings = change_of(proposal);
  made["settings"] = json::array();
  for (const auto& [name, value] : settings.items())
    made["settings"].push_back({{"name", name}, {"value", setting_text(value)}});
  return made;
}

}  // namespace sealift::server::vault
