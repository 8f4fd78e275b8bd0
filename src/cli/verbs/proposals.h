// `sealift proposals`: changes of roles, and weaker settings of the policy, that wait for another
// administrator and a delay (docs/decisions/0210-changes-that-wait.md).
#pragma once

#include <optional>
#include <string>

#include "cli/server_session.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_proposals(const Environment& environment, std::span<const std::string> arguments);

// What is proposed, and when it takes effect, as one sentence without a stop.
std::string proposal_text(const client::api::Proposal& proposal, base::Language language);
// What waits for that account's roles, or for the policy; nullopt: nothing does, or the server is
// of 0.1.0.
std::optional<client::api::Proposal> proposal_of_roles(const client::api::Api& server,
                                                       const client::api::AccountId& account);
std::optional<client::api::Proposal> proposal_of_policy(const client::api::Api& server);
// To everybody, at each login: what waits.
void warn_of_proposals(const client::api::Api& server, base::Language language);

inline constexpr Verb kProposalsVerb{
    "proposals",
    "see, confirm and withdraw changes that wait: roles, a weaker policy",
    "usage: sealift proposals [--json]\n"
    "       sealift proposals confirm|withdraw PROPOSAL [--json]\n"
    "\n"
    "What gives or takes a role, or makes the policy weaker, is proposed by an administrator,\n"
    "confirmed by another one, and takes effect after the policy's proposal_delay_ms_min. Where\n"
    "there is only one administrator, the delay begins at once, and everybody is told.\n"
    "\n"
    "confirm   an administrator, not the one who proposed it: the delay begins\n"
    "withdraw  any administrator or recovery officer, until it takes effect\n",
    run_proposals,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
