#include "cli/verbs/proposals.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "cli/verbs/people.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};
constexpr std::string_view kTakes = "proposals takes nothing, or confirm or withdraw with an id";

std::string what_text(const api::Proposal& proposal, base::Language language) {
  if (proposal.settings) {
    std::string all;
    for (const api::Setting& each : *proposal.settings)
      all += (all.empty() ? "" : " ") + each.name + "=" + each.value;
    return phrase(language, "policy: {settings}", all);
  }
  const std::string who =
      proposal.address.value_or(proposal.account.value_or(api::AccountId{}).text());
  const std::string roles = roles_text(proposal.roles.value_or(api::Roles{}), language);
  return roles.empty() ? phrase(language, "no role for {who}", who)
                       : phrase(language, "roles of {who}: {roles}", who, roles);
}

json proposal_json(const api::Proposal& proposal) {
  json made = {{"proposal", proposal.id.text()},
               {"proposed_by", proposal.proposed_by.text()},
               {"proposed", time_text(proposal.proposed)}};
  if (proposal.proposer) made["proposer"] = *proposal.proposer;
  if (proposal.account) made["account"] = proposal.account->text();
  if (proposal.address) made["address"] = *proposal.address;
  if (proposal.roles)
    made["roles"] = {{"administrator", proposal.roles->administrator},
                     {"recovery_officer", proposal.roles->recovery_officer}};
  if (proposal.settings) {
    made["settings"] = json::object();
    for (const api::Setting& each : *proposal.settings) made["settings"][each.name] = each.value;
  }
  if (proposal.confirmed_by) made["confirmed_by"] = proposal.confirmed_by->text();
  if (proposal.not_before) made["not_before"] = time_text(*proposal.not_before);
  return made;
}

std::string proposer_of(const api::Proposal& proposal) {
  return proposal.proposer.value_or(proposal.proposed_by.text());
}

Result<void> list(const api::Api& server, const Arguments& arguments, base::Language language) {
  SEALIFT_TRY(const api::Proposals all, server.call(api::kProposalList));
  if (all.proposals.empty()) say_none(arguments, phrase(language, "sealift: no change is waiting"));
  json out = json::array();
  for (const api::Proposal& each : all.proposals) {
    out.push_back(proposal_json(each));
    if (!arguments.has("json"))
      std::cout << phrase(language, "{proposal}  by {who}  {what}", each.id.text(),
                          proposer_of(each), proposal_text(each, language))
                << "\n";
  }
  if (arguments.has("json")) std::cout << json{{"proposals", std::move(out)}}.dump() << "\n";
  return {};
}

Result<api::ProposalId> id_of(const std::string& text) {
  const auto id = api::ProposalId::parse(text);
  if (!id)
    return base::fail(ErrorCode::usage,
                      text + " is not a proposal's id: `sealift proposals` lists them");
  return *id;
}

Result<void> confirm(ServerSession& session, const Arguments& arguments, const std::string& text,
                     base::Language language) {
  SEALIFT_TRY(const api::ProposalId id, id_of(text));
  SEALIFT_TRY_VOID(session.act(api::kProposalConfirm, {}, id));
  SEALIFT_TRY(const api::Proposals all, session.api().call(api::kProposalList));
  const auto now = std::ranges::find(all.proposals, id, &api::Proposal::id);
  if (now == all.proposals.end()) {  // somebody withdrew it meanwhile
    say_done(arguments, {{"confirmed", id.text()}},
             phrase(language, "confirmed the proposal {proposal}", id.text()));
    return {};
  }
  json facts = proposal_json(*now);
  facts["confirmed"] = id.text();
  say_done(
      arguments, facts,
      phrase(language, "confirmed {proposal}: {what}", id.text(), proposal_text(*now, language)));
  return {};
}

Result<void> withdraw(ServerSession& session, const Arguments& arguments, const std::string& text,
                      base::Language language) {
  SEALIFT_TRY(const api::ProposalId id, id_of(text));
  SEALIFT_TRY_VOID(session.act(api::kProposalWithdraw, {}, id));
  say_done(arguments, {{"withdrawn", id.text()}},
           phrase(language, "withdrew the proposal {proposal}", id.text()));
  return {};
}

Result<void> act(ServerSession& session, const Arguments& arguments, base::Language language) {
  const std::vector<std::string>& words = arguments.operands();
  if (words.empty()) return list(session.api(), arguments, language);
  if (words[0] == "confirm") return confirm(session, arguments, words[1], language);
  return withdraw(session, arguments, words[1], language);
}

template <typename IsIt>
std::optional<api::Proposal> find_proposal(const api::Api& server, const IsIt& is_it) {
  const auto all = server.call(api::kProposalList);
  if (!all) return std::nullopt;
  const auto found = std::ranges::find_if(all->proposals, is_it);
  if (found == all->proposals.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::string proposal_text(const api::Proposal& proposal, base::Language language) {
  const std::string what = what_text(proposal, language);
  return proposal.not_before
             ? phrase(language, "{what}; takes effect on {time}", what, *proposal.not_before)
             : phrase(language, "{what}; another administrator has to confirm it", what);
}

std::optional<api::Proposal> proposal_of_roles(const api::Api& server,
                                               const api::AccountId& account) {
  return find_proposal(server, [&](const api::Proposal& each) { return each.account == account; });
}

std::optional<api::Proposal> proposal_of_policy(const api::Api& server) {
  return find_proposal(server, [](const api::Proposal& each) { return each.settings.has_value(); });
}

void warn_of_proposals(const api::Api& server, base::Language language) {
  const auto all = server.call(api::kProposalList);
  if (!all || all->proposals.empty()) return;  // none, or not told: an older server
  for (const api::Proposal& each : all->proposals)
    std::cerr << phrase(language, "sealift: warning: {who} proposed a change: {what}",
                        proposer_of(each), proposal_text(each, language))
              << "\n";
  std::cerr << phrase(language,
                      "sealift: hint: if it isn't meant, tell an administrator or a recovery "
                      "officer: `sealift proposals withdraw` stops it")
            << "\n";
}

Outcome run_proposals(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  constexpr std::string_view kNames[] = {"confirm", "withdraw"};
  const auto& operands = arguments->operands();
  if (!operands.empty() && std::ranges::find(kNames, operands[0]) == std::end(kNames))
    return fail_usage(std::string(kTakes), did_you_mean(operands[0], kNames));
  if (operands.size() != 0 && operands.size() != 2) return fail_usage(std::string(kTakes));
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  return or_failure(act(*session, *arguments, environment.language));
}

}  // namespace sealift::cli
