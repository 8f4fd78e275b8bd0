#include "cli/verbs/account.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/duration.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"
#include "cli/verbs/account_rotate.h"
#include "cli/verbs/officers.h"
#include "cli/verbs/own_recovery.h"
#include "client/account/entering.h"

namespace sealift::cli {
namespace {

using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {
    {'\0', "json", Takes::nothing},
    {'\0', "scope", Takes::value},
    {'\0', "days", Takes::value},
    {'\0', "paper-key", Takes::nothing},
    kOfficersOption,
    kOrganisationOption,
};
constexpr std::string_view kDaysDefault = "30";
constexpr std::chrono::hours kLong{24 * 366};

std::string joined(api::Names names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// By the words that --scope takes.
std::string scopes_text(const api::Session& session) {
  std::string text;
  for (const api::Scope scope : session.scopes)
    text.append(text.empty() ? "" : ",").append(api::name_of(scope));
  return text;
}

Outcome list_sessions(const ServerSession& session, const Arguments& arguments,
                      base::Language language) {
  const auto all = or_failure(session.api().call(api::kSessionList));
  if (!all) return tl::unexpected(all.error());
  json list = json::array();
  for (const api::Session& each : all->sessions) {
    json scopes = json::array();
    for (const api::Scope scope : each.scopes) scopes.push_back(api::name_of(scope));
    list.push_back({{"session", each.id.text()},
                    {"kind", api::name_of(each.kind)},
                    {"scopes", std::move(scopes)},
                    {"created", time_text(each.created)},
                    {"last_seen", time_text(each.last_seen)},
                    {"expires", time_text(each.expires)},
                    {"this", each.id == session.login().session}});
  }
  if (arguments.has("json")) {
    std::cout << json{{"sessions", std::move(list)}}.dump() << "\n";
    return {};
  }
  for (const api::Session& each : all->sessions)
    std::cout << phrase(language, "{session}  {kind}  until {expires}", each.id.text(),
                        looked_up(language, api::name_of(each.kind)), each.expires)
              << "  " << scopes_text(each)
              << (each.id == session.login().session ? phrase(language, "  (this one)") : "")
              << "\n";
  return {};
}

Outcome end_session(const ServerSession& session, const Arguments& arguments,
                    base::Language language) {
  const auto id = arguments.operands().size() == 2 ? api::SessionId::parse(arguments.operands()[1])
                                                   : std::nullopt;
  if (!id)
    return fail_usage("account end-session takes one session's id",
                      "`sealift account sessions` lists them");
  const auto ended = or_failure(session.api().call(api::kSessionEndOther, {}, *id));
  if (!ended) return tl::unexpected(ended.error());
  say_done(arguments, {{"ended", id->text()}},
           phrase(language, "ended the login {session}", id->text()));
  return {};
}

Outcome issue_token(ServerSession& session, const Arguments& arguments, base::Language language) {
  api::NewToken asked;
  for (const std::string& name : arguments.values("scope")) {
    const auto scope = api::enumerator_of<api::Scope>(name);
    if (!scope) {
      const auto known = api::enumerator_names(api::Scope{});
      const std::string meant = did_you_mean(name, known);
      return fail_usage(name + " is not a scope of tokens",
                        meant.empty() ? "they are " + joined(known) : meant);
    }
    asked.scopes.push_back(*scope);
  }
  if (asked.scopes.empty()) return fail_usage("a token needs at least one --scope");
  const auto lifetime = parse_days(arguments.value("days").value_or(std::string(kDaysDefault)));
  if (!lifetime) return fail_usage(days_refused(*arguments.value("days")));
  asked.lifetime_ms = *lifetime;
  if (*lifetime > kLong) {
    std::cerr << phrase(language,
                        "sealift: warning: this token will be good for {count} {count:day|days}: "
                        "anyone who finds it until then can use it; end it with `sealift account "
                        "end-session` when it is no longer needed",
                        days_of(*lifetime))
              << "\n";
  }
  const auto issued = or_failure(session.act(api::kTokenIssue, asked));
  if (!issued) return tl::unexpected(issued.error());
  if (arguments.has("json")) {
    std::cout << json{{"token", issued->token.text},
                      {"session", issued->session.id.text()},
                      {"expires", time_text(issued->session.expires)}}
                     .dump()
              << "\n";
  } else {
    std::cout << issued->token.text << "\n";
  }
  return {};
}

// `typed` is the present password or the paper key.
base::Result<client::Unlocking> unlock(ServerSession& session, const Arguments& arguments,
                                       const crypto::SecretBuffer& typed) {
  const parcel::Address& address = session.login().address;
  if (arguments.has("paper-key")) {
    SEALIFT_TRY(const auto key, client::PaperKey::parse(base::text_of(typed.view())));
    return client::unlock_with_paper_key(key, address);
  }
  SEALIFT_TRY(const auto parameters,
              client::login_parameters(session.api(), address, session.pins()));
  return client::unlock_with_password(typed.view(), parameters, address);
}

std::string_view words_of(api::SlotKind kind) {
  switch (kind) {
    case api::SlotKind::password:
      return "password";
    case api::SlotKind::paper_key:
      return "paper key";
    case api::SlotKind::passkey:
      return "passkey";
    case api::SlotKind::trusted_browser:
      return "trusted browser";
    case api::SlotKind::recovery:
      break;
  }
  return "recovery by officers";
}

// What ended with the old password, and the paper key that takes the old one's place.
void print_changed(const client::PasswordChanged& changed, const Arguments& arguments,
                   base::Language language) {
  std::optional<std::string> paper_key;
  if (changed.paper_key) paper_key = base::text_of(changed.paper_key->text().view());
  if (arguments.has("json")) {
    json said{{"password", "changed"}, {"ended", json::array()}};
    for (const api::Slot& each : changed.ended)
      said["ended"].push_back({{"slot", each.id.text()},
                               {"kind", api::name_of(each.kind)},
                               {"created", time_text(each.created)}});
    if (paper_key) said["paper_key"] = *paper_key;
    std::cout << said.dump() << "\n";
    return;
  }
  std::cerr << phrase(language,
                      "changed the password; all other logins and all tokens of the account have "
                      "ended")
            << "\n";
  for (const api::Slot& each : changed.ended)
    std::cerr << phrase(language, "ended: {kind} of {time}",
                        looked_up(language, words_of(each.kind)), each.created)
              << "\n";
  if (!paper_key) return;
  std::cout << phrase(language, "new paper key:") << "\n  " << *paper_key << "\n";
  std::cerr << phrase(language,
                      "sealift: write the new paper key down; it logs in from tomorrow on")
            << "\n";
}

Outcome change_password(const Environment& environment, ServerSession& session,
                        const Arguments& arguments) {
  const auto keys = or_failure(session.keys());
  if (!keys) return tl::unexpected(keys.error());
  const auto typed = or_failure(
      ask_password(environment, arguments.has("paper-key") ? "Paper key: " : "Current password: "));
  if (!typed) return tl::unexpected(typed.error());
  const auto present = or_failure(unlock(session, arguments, *typed));
  if (!present) return tl::unexpected(present.error());
  const auto password = or_failure(choose_password(environment));
  if (!password) return tl::unexpected(password.error());
  if (crypto::equal(typed->view(), password->view()))
    return tl::unexpected(Failure(
        {base::ErrorCode::usage, "the new password is the present one: nothing was changed"},
        "without a terminal, SEALIFT_PASSWORD_FD names a descriptor with two lines: the present "
        "password (or the paper key) and the new one"));
  crypto::SystemRandom random;
  const auto acting = or_failure(session.acting());
  if (!acting) return tl::unexpected(acting.error());
  auto changed = client::change_password(**acting, session.api(), *keys, *present, password->view(),
                                         session.pins(), random);
  if (!changed) return tl::unexpected(call_failure(std::move(changed).error()));
  if (auto saved = or_failure(session.save_pins()); !saved) return saved;
  print_changed(*changed, arguments, environment.language);
  if (changed->paper_key)
    tell_of_earlier_paper_key(session.pins(), session.login().address, *changed->paper_key,
                              environment.language);
  return {};
}

}  // namespace

Outcome run_account(const Environment& environment, std::span<const std::string> words) {
  if (!words.empty() && words.front() == "rotate")
    return run_account_rotate(environment, words.subspan(1));
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const std::string what = arguments->operands().empty() ? "" : arguments->operands()[0];
  constexpr std::string_view kNames[] = {"sessions", "end-session", "token",
                                         "password", "rotate",      "recovery"};
  if (std::ranges::find(kNames, what) == std::end(kNames))
    return fail_usage("account takes sessions, end-session, token, password, rotate or recovery",
                      did_you_mean(what, kNames));
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  if (what == "sessions") return list_sessions(*session, *arguments, environment.language);
  if (what == "end-session") return end_session(*session, *arguments, environment.language);
  if (what == "token") return issue_token(*session, *arguments, environment.language);
  if (what == "recovery") return renew_own_recovery(environment, *arguments, *session);
  return change_password(environment, *session, *arguments);
}

}  // namespace sealift::cli
