#include "cli/verbs/login.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/done.h"
#include "cli/given_link.h"
#include "cli/identities.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"
#include "cli/time_text.h"
#include "cli/trust.h"
#include "cli/verbs/account_rotate.h"
#include "cli/verbs/given_out.h"
#include "cli/verbs/officers.h"
#include "cli/verbs/own_recovery.h"
#include "cli/verbs/proposals.h"
#include "client/account/entering.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using client::Pins;
using client::Profile;
using nlohmann::json;

constexpr Option kLoginOptions[] = {
    {'\0', "enrol", Takes::value},
    {'\0', "account", Takes::value},
    {'\0', "paper-key", Takes::nothing},
    {'\0', "certificate", Takes::value},
    {'\0', "authorities", Takes::value},
    {'\0', "language", Takes::value},
    {'\0', "json", Takes::nothing},
    {'\0', "recovered", Takes::value},
    {'\0', "token", Takes::nothing},
    {'\0', "recovered-with", Takes::value},
    kOfficersOption,
    kOrganisationOption,
};
constexpr Option kJsonOption[] = {{'\0', "json", Takes::nothing}};

// What a login needs, gathered before anything is asked of anybody.
struct Entrance {
  Profile profile;
  client::ServerAddress server;
  client::Trust trust;
  Pins pins;
  std::unique_ptr<client::HttpClient> http;
};

tl::expected<Entrance, Failure> entrance_of(const Environment& environment,
                                            const Arguments& arguments) {
  if (arguments.operands().size() != 1) return fail_usage("login takes one server's URL");
  if (arguments.has("enrol") == arguments.has("account"))
    return fail_usage("login needs either --enrol or --account");
  auto server = server_of(arguments.operands()[0]);
  if (!server) return tl::unexpected(std::move(server).error());
  auto trust = trust_of(environment, arguments, *server);
  if (!trust) return tl::unexpected(std::move(trust).error());
  auto profile = or_failure(Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(std::move(profile).error());
  auto pins = or_failure(profile->pins(*server));
  if (!pins) return tl::unexpected(std::move(pins).error());
  auto http = or_failure(client::HttpClient::make(settings_for(environment, *server, *trust)));
  if (!http) return tl::unexpected(std::move(http).error());
  return Entrance{*std::move(profile), *server, *trust, *std::move(pins),
                  std::make_unique<client::HttpClient>(*std::move(http))};
}

// Nobody is logged out by somebody else's login.
Outcome need_no_other(const Entrance& entrance, const std::string& address) {
  const auto login = or_failure(entrance.profile.login());
  if (!login) return tl::unexpected(login.error());
  if (!*login || ((*login)->address.text() == address && (*login)->server == entrance.server))
    return {};
  return tl::unexpected(Failure({ErrorCode::conflict, "another account is logged in here"},
                                "`sealift logout` first, or log in with another --profile NAME"));
}

Outcome save(const Environment& environment, const Entrance& entrance,
             const client::Entered& entered) {
  warn_of_clock(entered.begun.session.created, environment.clock.now(), environment.language);
  const client::Login login{.server = entrance.server,
                            .trust = entrance.trust,
                            .account = entered.begun.account.id,
                            .address = entered.keys.address,
                            .session = entered.begun.session.id,
                            .token = entered.begun.token,
                            .key = entered.begun.key,
                            .expires = entered.begun.session.expires};
  if (auto saved = or_failure(entrance.profile.save_pins(entrance.server, entrance.pins)); !saved)
    return saved;
  return or_failure(entrance.profile.save_login(login, entered.keys));
}

json login_json(const client::Entered& entered) {
  return {{"address", entered.keys.address.text()},
          {"account", entered.begun.account.id.text()},
          {"expires", time_text(entered.begun.session.expires)}};
}

Outcome print_enrolled(const client::Enrolled& enrolled, const Arguments& arguments,
                       base::Language language) {
  const auto paper_key = enrolled.paper_key.text();
  const std::string text(base::text_of(paper_key.view()));
  if (arguments.has("json")) {
    json out = login_json(enrolled.entered);
    out["paper_key"] = text;
    std::cout << out.dump() << "\n";
    return {};
  }
  std::cout << phrase(language, "enrolled {address}\npaper key:\n  {key}\n",
                      enrolled.entered.keys.address.text(), text);
  std::cerr << (enrolled.has_recovery
                    ? phrase(language,
                             "sealift: write the paper key down; if you lose it and the password, "
                             "only the recovery officers together can help")
                    : phrase(language,
                             "sealift: write the paper key down; if you lose it and the password, "
                             "nobody can help"))
            << "\n";
  return {};
}

tl::expected<parcel::Address, Failure> offered_address(const std::string& text) {
  auto address = parcel::Address::parse(text);
  if (!address)
    return tl::unexpected(Failure({ErrorCode::malformed, "the link's address is not one"}));
  return *std::move(address);
}

tl::expected<ApprovedOfficers, Failure> approve_offered(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    const client::EnrolmentLink& link, const client::api::EnrolmentOffer& offer, Pins& pins) {
  const auto owner = offered_address(offer.address);
  if (!owner) return tl::unexpected(owner.error());
  const client::AskOfficers again = [&]() -> base::Result<client::Entries> {
    SEALIFT_TRY(auto look, api.call(client::api::kEnrolmentLook, {link.token}));
    return std::move(look.recovery_officers);
  };
  const unsigned threshold = client::recovery_threshold(offer.recovery_threshold.value_or(0));
  return approve_officers(environment, arguments, api,
                          {.entries = offer.recovery_officers,
                           .again = again,
                           .threshold = threshold,
                           .officer_set = offer.officer_set,
                           .organisation = link.organisation,
                           .unseen = Unseen::take},
                          *owner, pins);
}

Outcome enrol(const Environment& environment, const Arguments& arguments, Entrance& entrance) {
  const client::api::Api api(*entrance.http);
  const auto given = given_link(*arguments.value("enrol"), environment.language);
  if (!given) return tl::unexpected(given.error());
  const auto link = or_failure(client::parse_enrolment_link(*given, entrance.server));
  if (!link) return tl::unexpected(link.error());
  const auto language = client::api::enumerator_of<client::api::Language>(
      arguments.value("language")
          .value_or(environment.language == base::Language::french ? "fr" : "en"));
  if (!language) return fail_usage("--language is en or fr, not " + *arguments.value("language"));
  auto offer = client::look_at_enrolment(api, link->token);
  if (!offer)
    return tl::unexpected(
        Failure(std::move(offer).error(), "a link works once, and expires: ask for a new one"));
  if (auto alone = need_no_other(entrance, offer->address); !alone) return alone;
  const auto address = offered_address(offer->address);
  if (!address) return tl::unexpected(address.error());
  const auto recovered = read_recovered(environment, arguments, *address);
  if (!recovered) return tl::unexpected(recovered.error());
  std::cerr << (offer->account
                    ? phrase(environment.language,
                             "sealift: getting back into the account of {address}", offer->address)
                    : phrase(environment.language, "sealift: creating an account for {address}",
                             offer->address))
            << "\n";
  auto approved = approve_offered(environment, arguments, api, *link, *offer, entrance.pins);
  if (!approved) return tl::unexpected(std::move(approved).error());
  const auto password = or_failure(choose_password(environment));
  if (!password) return tl::unexpected(password.error());
  crypto::SystemRandom random;
  const auto enrolled = or_failure(client::enrol(api, *offer,
                                                 {.token = link->token,
                                                  .language = *language,
                                                  .password = password->view(),
                                                  .recovered = recovered->view(),
                                                  .officers = std::move(approved->officers),
                                                  .threshold = approved->threshold},
                                                 entrance.pins, random));
  if (!enrolled) return tl::unexpected(enrolled.error());
  if (auto saved = save(environment, entrance, enrolled->entered); !saved) return saved;
  warn_of_proposals(api.with(client::credential_of(enrolled->entered.begun)), environment.language);
  return print_enrolled(*enrolled, arguments, environment.language);
}

base::Result<client::Entered> enter(const Environment& environment, const Arguments& arguments,
                                    Entrance& entrance, const parcel::Address& address) {
  const client::api::Api api(*entrance.http);
  if (arguments.has("paper-key")) {
    SEALIFT_TRY(const auto typed, ask_password(environment, "Paper key: "));
    SEALIFT_TRY(const auto key, client::PaperKey::parse(base::text_of(typed.view())));
    return client::log_in(api, address, key, entrance.pins);
  }
  SEALIFT_TRY(const auto password, ask_password(environment, "Password: "));
  return client::log_in(api, address, password.view(), entrance.pins);
}

// As long as any token may be good; the server knows its end, and says so.
constexpr std::chrono::hours kTokenLifetimeMax{24 * 366};

// An API token in the place of a login, for programs that run by themselves. The keys are those
// that an earlier login left on this machine: a token alone unlocks nothing.
Outcome use_token(const Environment& environment, const Arguments& arguments,
                  const Entrance& entrance, const parcel::Address& address) {
  const auto before = or_failure(entrance.profile.login());
  if (!before) return tl::unexpected(before.error());
  const auto keys = or_failure(entrance.profile.keys());
  if (!*before || !keys)
    return tl::unexpected(Failure({ErrorCode::unauthorized, "this machine has no keys"},
                                  "log in with the password once, then with the token"));
  const auto typed = or_failure(ask_password(environment, "Token: "));
  if (!typed) return tl::unexpected(typed.error());
  if (!client::api::is_token(base::text_of(typed->view()))) return fail_usage("this isn't a token");
  client::Login login = **before;
  login.trust = entrance.trust;
  login.token.text = base::text_of(typed->view());
  login.key.reset();
  login.session = {};  // of the login before; which one the token's is, nobody has said
  login.expires = environment.clock.now() + kTokenLifetimeMax;
  const client::api::Api api(*entrance.http, {client::Credential::Kind::session, login.token.text});
  // Any scope that is good for a parcel may do this; a token without one is refused, and is good.
  const auto tried =
      api.call(client::api::kParcelListReceived, {}, client::api::Before(std::nullopt));
  if (!tried && tried.error().code != ErrorCode::forbidden)
    return tl::unexpected(call_failure(tried.error()));
  if (auto saved = or_failure(entrance.profile.save_login(login, *keys)); !saved) return saved;
  if (arguments.has("json")) {
    std::cout << json{{"address", address.text()}, {"account", login.account.text()}}.dump()
              << "\n";
  } else {
    std::cout << phrase(environment.language, "logged in as {address} with a token", address.text())
              << "\n";
  }
  return {};
}

// A lock-down ended everybody's logins, and lets people log in again: only few things can be done
// then, which is said before the first of the others is refused.
void warn_of_lockdown(const client::api::Api& api, const client::api::Roles& roles,
                      base::Language language) {
  const auto server = api.call(client::api::kServerDescribe);
  if (!server || !server->lockdown.value_or(false)) return;
  std::cerr << phrase(language,
                      "sealift: warning: the server is locked down: nothing is sent, received or "
                      "changed until it is reopened")
            << "\n"
            << (roles.administrator
                    ? phrase(language,
                             "sealift: hint: `sealift lockdown status` says since when; `sealift "
                             "lockdown off` approves reopening")
                    : phrase(language,
                             "sealift: hint: its administrators decide when it reopens; ask them, "
                             "and repeat the command then"))
            << "\n";
}

Outcome log_in(const Environment& environment, const Arguments& arguments, Entrance& entrance) {
  const auto address = parcel::Address::parse(*arguments.value("account"));
  if (!address)
    return fail_usage("--account takes a mail address; not " + *arguments.value("account"));
  if (auto alone = need_no_other(entrance, address->text()); !alone) return alone;
  if (arguments.has("token")) return use_token(environment, arguments, entrance, *address);
  const auto entered = enter(environment, arguments, entrance, *address);
  if (!entered) {
    Failure failure = call_failure(entered.error());
    if (entered.error().code == ErrorCode::unauthorized)
      failure.hint = "check the address and the password";
    return tl::unexpected(std::move(failure));
  }
  const client::api::Api mine =
      client::api::Api(*entrance.http).with(client::credential_of(entered->begun));
  client::KeyFinder finder(mine, entrance.pins, wait_ms);
  const auto own = or_failure(client::find_own(finder, entered->keys, entered->begun.account.id));
  if (!own) return tl::unexpected(own.error());
  if (auto saved = save(environment, entrance, *entered); !saved) return saved;
  if (arguments.has("json")) {
    std::cout << login_json(*entered).dump() << "\n";
  } else {
    std::cout << phrase(environment.language, "logged in as {address}", address->text()) << "\n";
  }
  warn_of_lockdown(mine, entered->begun.account.roles, environment.language);
  warn_of_proposals(mine, environment.language);
  if (auto session = ServerSession::open(environment))
    mind_recovery(environment, arguments, *session);
  return {};
}

json whoami_json(const client::Login& login, const client::api::Account& account,
                 const client::FoundKeys& keys) {
  json roles = json::array();
  if (account.roles.administrator) roles.push_back("administrator");
  if (account.roles.recovery_officer) roles.push_back("recovery_officer");
  return {{"server", login.server.text()},
          {"address", account.address},
          {"account", account.id.text()},
          {"roles", std::move(roles)},
          {"recipient", keys.newest().recipient},
          {"fingerprint", client::fingerprint_text(keys.newest().recipient)},
          {"used_bytes", account.used_bytes},
          {"expires", time_text(login.expires)}};
}

base::Result<client::FoundKeys> find_own_of(ServerSession& session) {
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::AccountKeys keys, session.keys());
  return client::find_own(finder, keys, session.login().account);
}

// Nobody but the owner has added a way in. An API token doesn't reach them.
base::Result<void> follow_acts(ServerSession& session) {
  if (!session.login().key) return {};
  SEALIFT_TRY(client::Acting* const acting, session.acting());
  return acting->follow();
}

}  // namespace

Outcome run_login(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kLoginOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  auto entrance = entrance_of(environment, *arguments);
  if (!entrance) return tl::unexpected(std::move(entrance).error());
  // Whether this is the server seen before, before it is told anything.
  const client::api::Api api(*entrance->http);
  client::LogWatch watch(api, entrance->pins.log);
  if (auto followed = watch.follow(); !followed)
    return tl::unexpected(call_failure(std::move(followed).error()));
  return arguments->has("enrol") ? enrol(environment, *arguments, *entrance)
                                 : log_in(environment, *arguments, *entrance);
}

Outcome run_logout(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!arguments->operands().empty()) return fail_usage("logout takes no operand");
  const auto profile = or_failure(Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(profile.error());
  auto session = ServerSession::open(environment);
  base::Result<client::api::Nothing> ended;
  if (session) ended = session->api().call(client::api::kSessionEnd);
  if (auto forgotten = or_failure(profile->forget_login()); !forgotten) return forgotten;
  if (session && !ended && ended.error().code != ErrorCode::unauthorized)
    std::cerr << phrase(environment.language,
                        "sealift: warning: the server was not told; its session ends by itself")
              << "\n";
  const bool was_logged_in = session.has_value();
  say_done(*arguments, {{"logged_out", was_logged_in}},
           was_logged_in
               ? phrase(environment.language, "logged out; the keys are no longer on this machine")
               : phrase(environment.language, "nobody was logged in"));
  return {};
}

Outcome run_whoami(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!arguments->operands().empty()) return fail_usage("whoami takes no operand");
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  const auto account = or_failure(session->api().call(client::api::kAccountRead));
  if (!account) return tl::unexpected(account.error());
  const auto keys = or_failure(find_own_of(*session));
  if (!keys) return tl::unexpected(keys.error());
  if (auto followed = or_failure(follow_acts(*session)); !followed) return followed;
  if (auto saved = or_failure(session->save_pins()); !saved) return saved;
  json out = whoami_json(session->login(), *account, *keys);
  // A token for something else is not told.
  const auto recovery = session->api().call(client::api::kRecoveryReadOwn);
  if (recovery) warn_of_recovery(*recovery, environment.language);
  warn_of_proposals(session->api(), environment.language);
  if (arguments->has("json")) {
    if (recovery && recovery->waiting)
      out["recovery_waits"] = {{"recovery", recovery->waiting->id.text()},
                               {"not_before", time_text(recovery->waiting->not_before)}};
    std::cout << out.dump() << "\n";
    return {};
  }
  std::cout << phrase(environment.language,
                      "{address}\nserver       {server}\naccount      {account}\n"
                      "key          {key}\nlogin until  {time}\n",
                      account->address, session->login().server.text(), account->id.text(),
                      client::fingerprint_text(keys->newest().recipient), session->login().expires);
  for (const auto& role : out["roles"])
    std::cout << phrase(environment.language, "role         {role}",
                        looked_up(environment.language, role.get<std::string>()))
              << "\n";
  return {};
}

Outcome run_paper_key(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!arguments->operands().empty()) return fail_usage("paper-key takes no operand");
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  const auto keys = or_failure(session->keys());
  if (!keys) return tl::unexpected(keys.error());
  const auto acting = or_failure(session->acting());
  if (!acting) return tl::unexpected(acting.error());
  crypto::SystemRandom random;
  const auto made = or_failure(client::renew_paper_key(**acting, *keys, random));
  if (!made) return tl::unexpected(made.error());
  if (auto saved = or_failure(session->save_pins()); !saved) return saved;
  const auto text = made->text();
  if (arguments->has("json")) {
    std::cout << json{{"paper_key", base::text_of(text.view())}}.dump() << "\n";
  } else {
    std::cout << base::text_of(text.view()) << "\n";
  }
  if ((*acting)->is_signing()) {
    std::cerr << phrase(environment.language,
                        "sealift: the new paper key logs in from tomorrow on; until then the "
                        "password does")
              << "\n";
  }
  tell_of_earlier_paper_key(session->pins(), session->login().address, *made, environment.language);
  return {};
}

}  // namespace sealift::cli
