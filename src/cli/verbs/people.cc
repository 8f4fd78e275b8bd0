#include "cli/verbs/people.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/refusal.h"
#include "base/units.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/duration.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"
#include "cli/verbs/proposals.h"
#include "client/account/organisation.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {
    {'\0', "json", Takes::nothing},
    {'\0', "admin", Takes::nothing},
    {'\0', "recovery-officer", Takes::nothing},
    {'\0', "none", Takes::nothing},
    {'\0', "days", Takes::value},
};
constexpr std::string_view kTakes =
    "people takes list, invitations, invite, withdraw, suspend, reinstate, close, roles, quota or "
    "end-sessions";
constexpr std::chrono::hours kLong{24 * 31};

// What a part takes after it, so that the error of another number of words can say it.
struct Part {
  std::string_view name;
  std::size_t words = 0;  // itself included
  std::string_view takes;
};
constexpr std::string_view kOneAccount = "takes one account: an address or an id";
constexpr std::string_view kNothing = "takes nothing after it but options";
constexpr Part kParts[] = {
    {"list", 1, kNothing},
    {"invitations", 1, kNothing},
    {"invite", 2, "takes a mail address"},
    {"withdraw", 2, "takes an invitation's id"},
    {"suspend", 2, kOneAccount},
    {"reinstate", 2, kOneAccount},
    {"close", 2, kOneAccount},
    {"roles", 2, kOneAccount},
    {"quota", 3, "takes an account, and a size or default"},
    {"end-sessions", 2, kOneAccount},
};

Result<std::vector<api::Account>> all_accounts(const api::Api& server) {
  std::vector<api::Account> all;
  api::Before before;
  do {
    SEALIFT_TRY(api::Accounts page, server.call(api::kAdminListAccounts, {}, before));
    for (api::Account& each : page.accounts) all.push_back(std::move(each));
    before = page.next;
  } while (before);
  return all;
}

Result<api::Account> find_account(const api::Api& server, const std::string& text) {
  const auto id = api::AccountId::parse(text);
  const auto address = parcel::Address::parse(text);
  if (!id && !address)
    return base::fail(ErrorCode::usage, text + " is neither an address nor an account's id");
  SEALIFT_TRY(std::vector<api::Account> all, all_accounts(server));
  for (api::Account& each : all)
    if (id ? each.id == *id : each.address == address->text()) return std::move(each);
  return base::fail(ErrorCode::not_found, text +
                                              " has no account on this server: `sealift people "
                                              "list` lists those that have");
}

Result<api::AccountId> account_of(const api::Api& server, const std::string& text) {
  if (const auto id = api::AccountId::parse(text)) return *id;
  SEALIFT_TRY(const api::Account account, find_account(server, text));
  return account.id;
}

api::Roles roles_of(const Arguments& arguments) {
  return {.administrator = arguments.has("admin"),
          .recovery_officer = arguments.has("recovery-officer")};
}

Result<void> list(const api::Api& server, const Arguments& arguments, base::Language language) {
  SEALIFT_TRY(const std::vector<api::Account> all, all_accounts(server));
  json out = json::array();
  for (const api::Account& each : all) {
    out.push_back({{"account", each.id.text()},
                   {"address", each.address},
                   {"state", api::name_of(each.state)},
                   {"administrator", each.roles.administrator},
                   {"recovery_officer", each.roles.recovery_officer},
                   {"used_bytes", each.used_bytes},
                   {"created", time_text(each.created)}});
    if (!arguments.has("json"))
      std::cout << each.id.text() << "  " << looked_up(language, api::name_of(each.state)) << "  "
                << roles_text(each.roles, language)
                << (roles_text(each.roles, language).empty() ? "" : "  ") << each.address << "\n";
  }
  if (arguments.has("json")) std::cout << json{{"accounts", std::move(out)}}.dump() << "\n";
  return {};
}

// The roles that were asked for with it, which wait. A new account has its invitation's id.
std::optional<api::Proposal> proposal_of_invited(const api::Api& server, const Arguments& arguments,
                                                 const api::EnrolmentId& invitation) {
  const api::Roles wanted = roles_of(arguments);
  if (!wanted.administrator && !wanted.recovery_officer) return std::nullopt;
  return proposal_of_roles(server, {invitation.bytes});
}

Result<void> invite(ServerSession& session, const Arguments& arguments, base::Language language) {
  const auto lifetime = parse_days(arguments.value("days").value_or("7"));
  const auto address = parcel::Address::parse(arguments.operands()[1]);
  if (!address) return base::fail(ErrorCode::usage, "people invite takes a mail address");
  if (!lifetime) return base::fail(ErrorCode::usage, days_refused(*arguments.value("days")));
  if (*lifetime > kLong) {
    std::cerr << phrase(language,
                        "sealift: warning: this link will be good for {count} {count:day|days}: "
                        "anyone who finds it until then gets the account; `sealift people "
                        "withdraw` ends it",
                        days_of(*lifetime))
              << "\n";
  }
  SEALIFT_TRY(const api::Invited invited,
              session.act(api::kAdminInvite, {.address = address->text(),
                                              .roles = roles_of(arguments),
                                              .lifetime_ms = *lifetime}));
  const std::string link =
      client::enrolment_link(session.login().server.text(), invited.token, session.pins());
  const auto proposed = proposal_of_invited(session.api(), arguments, invited.id);
  if (arguments.has("json")) {
    json out = {
        {"link", link}, {"invitation", invited.id.text()}, {"expires", time_text(invited.expires)}};
    if (proposed) out["proposal"] = proposed->id.text();
    std::cout << out.dump() << "\n";
    return {};
  }
  std::cout << link << "\n";
  if (proposed)
    std::cerr << phrase(language, "sealift: proposed {proposal}: {what}", proposed->id.text(),
                        proposal_text(*proposed, language))
              << "\n";
  return {};
}

Result<void> list_invitations(const api::Api& server, const Arguments& arguments,
                              base::Language language) {
  SEALIFT_TRY(const api::Enrolments all, server.call(api::kAdminListEnrolments));
  if (all.enrolments.empty())
    say_none(arguments, phrase(language, "sealift: no invitation is open"));
  json out = json::array();
  for (const api::Enrolment& each : all.enrolments) {
    out.push_back({{"invitation", each.id.text()},
                   {"address", each.address},
                   {"expires", time_text(each.expires)}});
    if (!arguments.has("json"))
      std::cout << phrase(language, "{invitation}  until {time}  {address}", each.id.text(),
                          each.expires, each.address)
                << "\n";
  }
  if (arguments.has("json")) std::cout << json{{"invitations", std::move(out)}}.dump() << "\n";
  return {};
}

Result<void> withdraw(const api::Api& server, const Arguments& arguments, const std::string& text,
                      base::Language language) {
  const auto id = api::EnrolmentId::parse(text);
  if (!id)
    return base::fail(ErrorCode::usage,
                      text + " is no invitation's id: `sealift people invitations` lists those");
  SEALIFT_TRY_VOID(server.call(api::kAdminWithdrawEnrolment, {}, *id));
  say_done(arguments, {{"withdrawn", id->text()}},
           phrase(language, "withdrew the invitation {invitation}", id->text()));
  return {};
}

std::string sentence_of(api::AccountState state, const std::string& who, base::Language language) {
  switch (state) {
    case api::AccountState::suspended:
      return phrase(language,
                    "suspended {who}: nothing can be sent, received or opened with the account",
                    who);
    case api::AccountState::closed:
      return phrase(language, "closed the account of {who}, for good", who);
    case api::AccountState::active:
      break;
  }
  return phrase(language, "reinstated {who}", who);
}

Result<void> set_state(const api::Api& server, const Arguments& arguments, api::AccountState state,
                       base::Language language) {
  const std::string& who = arguments.operands()[1];
  SEALIFT_TRY(const api::AccountId account, account_of(server, who));
  SEALIFT_TRY_VOID(server.call(api::kAdminSetState, {state}, account));
  say_done(arguments, {{"account", account.text()}, {"state", api::name_of(state)}},
           sentence_of(state, who, language));
  return {};
}

json roles_json(api::AccountId account, const api::Roles& roles) {
  return {{"account", account.text()},
          {"administrator", roles.administrator},
          {"recovery_officer", roles.recovery_officer}};
}

Result<void> show_roles(const api::Api& server, const Arguments& arguments,
                        base::Language language) {
  const std::string& who = arguments.operands()[1];
  SEALIFT_TRY(const api::Account account, find_account(server, who));
  const std::string text = roles_text(account.roles, language);
  say_done(arguments, roles_json(account.id, account.roles),
           text.empty() ? phrase(language, "{who} has no role", who)
                        : phrase(language, "roles of {who}: {roles}", who, text));
  return {};
}

Result<void> set_roles(ServerSession& session, const Arguments& arguments,
                       base::Language language) {
  const std::string& who = arguments.operands()[1];
  const api::Roles roles = roles_of(arguments);
  const bool gives = roles.administrator || roles.recovery_officer;
  if (!gives && !arguments.has("none")) return show_roles(session.api(), arguments, language);
  if (gives && arguments.has("none"))
    return base::fail(ErrorCode::usage, "--none takes all roles, and goes with no other of them");
  SEALIFT_TRY(const api::AccountId account, account_of(session.api(), who));
  SEALIFT_TRY_VOID(session.act(api::kAdminSetRoles, roles, account));
  const auto proposed = proposal_of_roles(session.api(), account);
  if (proposed && proposed->roles &&
      roles_json(account, *proposed->roles) == roles_json(account, roles)) {
    json facts = roles_json(account, roles);
    facts["proposal"] = proposed->id.text();
    if (proposed->not_before) facts["not_before"] = time_text(*proposed->not_before);
    say_done(arguments, facts,
             phrase(language, "proposed {proposal}: {what}", proposed->id.text(),
                    proposal_text(*proposed, language)));
    return {};
  }
  const std::string text = roles_text(roles, language);
  say_done(arguments, roles_json(account, roles),
           text.empty() ? phrase(language, "{who} has no role now", who)
                        : phrase(language, "roles of {who} now: {roles}", who, text));
  return {};
}

Result<void> set_quota(const api::Api& server, const Arguments& arguments,
                       base::Language language) {
  const std::string& who = arguments.operands()[1];
  const std::string& amount = arguments.operands()[2];
  // 0 is a quota too: nothing more comes in.
  const auto bytes = amount == "0" ? std::optional<std::uint64_t>(0) : base::parse_bytes(amount);
  if (!bytes && amount != "default")
    return base::fail(ErrorCode::usage, "people quota takes a size like 500M or 10G, or default");
  SEALIFT_TRY(const api::AccountId account, account_of(server, who));
  SEALIFT_TRY_VOID(server.call(api::kAdminSetQuota, {bytes}, account));
  json facts = {{"account", account.text()}};
  if (bytes) facts["quota_bytes"] = *bytes;
  say_done(arguments, facts,
           bytes ? phrase(language, "quota of {who} now: {quota_bytes}", who, *bytes)
                 : phrase(language, "quota of {who} now: what the policy gives everybody", who));
  return {};
}

Result<void> end_sessions(const api::Api& server, const Arguments& arguments,
                          base::Language language) {
  const std::string& who = arguments.operands()[1];
  SEALIFT_TRY(const api::AccountId account, account_of(server, who));
  SEALIFT_TRY_VOID(server.call(api::kAdminEndSessions, {}, account));
  say_done(arguments, {{"account", account.text()}},
           phrase(language, "ended all logins and tokens of {who}", who));
  return {};
}

// The parts of kParts, with as many words as each takes.
Result<void> act(ServerSession& session, const Arguments& arguments, base::Language language) {
  const std::vector<std::string>& words = arguments.operands();
  const std::string& what = words[0];
  const api::Api& server = session.api();
  if (what == "list") return list(server, arguments, language);
  if (what == "invitations") return list_invitations(server, arguments, language);
  if (what == "invite") return invite(session, arguments, language);
  if (what == "quota") return set_quota(server, arguments, language);
  if (what == "withdraw") return withdraw(server, arguments, words[1], language);
  if (what == "suspend")
    return set_state(server, arguments, api::AccountState::suspended, language);
  if (what == "reinstate") return set_state(server, arguments, api::AccountState::active, language);
  if (what == "close") return set_state(server, arguments, api::AccountState::closed, language);
  if (what == "roles") return set_roles(session, arguments, language);
  return end_sessions(server, arguments, language);
}

// A server that knows no such id says so of "the account" or "the link"; here it is known which.
base::Error named(base::Error error, const std::string& who) {
  const auto refusal = base::refusal_of(error);
  if (refusal && refusal->row->reason == "no_account")
    return {error.code, who +
                            " has no account on this server: `sealift people list` lists those "
                            "that have"};
  if (refusal && refusal->row->reason == "no_enrolment")
    return {error.code, who + " is no open invitation: `sealift people invitations` lists those"};
  return error;
}

}  // namespace

std::string roles_text(const api::Roles& roles, base::Language language) {
  std::string shown;
  if (roles.administrator) shown.append(looked_up(language, "administrator"));
  if (roles.recovery_officer)
    shown.append(shown.empty() ? "" : ", ").append(looked_up(language, "recovery_officer"));
  return shown;
}

Outcome run_people(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  const std::string what = operands.empty() ? "" : operands[0];
  const auto* const part = std::ranges::find(kParts, what, &Part::name);
  if (part == std::end(kParts)) {
    std::vector<std::string_view> names;
    for (const Part& each : kParts) names.push_back(each.name);
    return fail_usage(std::string(kTakes), did_you_mean(what, names));
  }
  if (operands.size() != part->words)
    return fail_usage("people " + what + " " + std::string(part->takes));
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  auto done = act(*session, *arguments, environment.language);
  if (!done && operands.size() > 1)
    return or_failure(Result<void>(tl::unexpected(named(std::move(done).error(), operands[1]))));
  return or_failure(std::move(done));
}

}  // namespace sealift::cli
