#include "cli/verbs/account_rotate.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"
#include "cli/trust.h"
#include "cli/verbs/given_out.h"
#include "cli/verbs/officers.h"
#include "cli/verbs/own_recovery.h"
#include "client/account/entering.h"
#include "client/account/rotating.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {
    {'\0', "json", Takes::nothing},
    {'\0', "lost-machine", Takes::value},
    {'\0', "account", Takes::value},
    {'\0', "certificate", Takes::value},
    {'\0', "authorities", Takes::value},
    {'\0', "recovered", Takes::value},
    {'\0', "new-password", Takes::nothing},
    {'\0', "recovered-with", Takes::value},
    kOfficersOption,
    kOrganisationOption,
};

// Whose keys, at which server.
struct Place {
  client::Profile profile;
  client::ServerAddress server;
  client::Trust trust;
  parcel::Address address;
};

tl::expected<Place, Failure> place_of_profile(client::Profile profile) {
  auto login = or_failure(profile.login());
  if (!login) return tl::unexpected(std::move(login).error());
  if (!*login) return tl::unexpected(Failure(base::refuse("not_logged_in").value()));
  return Place{std::move(profile), (*login)->server, (*login)->trust, (*login)->address};
}

// From any machine: nothing has to be on it.
tl::expected<Place, Failure> place_of_lost(const Environment& environment,
                                           const Arguments& arguments, client::Profile profile) {
  auto server = server_of(*arguments.value("lost-machine"));
  if (!server) return tl::unexpected(std::move(server).error());
  const auto text = arguments.value("account");
  if (!text) return fail_usage("--lost-machine URL needs --account ADDRESS too");
  auto address = parcel::Address::parse(*text);
  if (!address) return fail_usage("--account takes a mail address; not " + *text);
  const auto login = or_failure(profile.login());
  if (!login) return tl::unexpected(login.error());
  if (*login && ((*login)->address != *address || (*login)->server != *server))
    return tl::unexpected(Failure({ErrorCode::conflict, "another account is logged in here"},
                                  "`sealift logout` first, or use another --profile NAME"));
  auto trust = trust_of(environment, arguments, *server);
  if (!trust) return tl::unexpected(std::move(trust).error());
  return Place{std::move(profile), *server, *std::move(trust), *std::move(address)};
}

tl::expected<Place, Failure> place_of(const Environment& environment, const Arguments& arguments) {
  if (!arguments.operands().empty()) return fail_usage("account rotate takes no operand");
  auto profile = or_failure(client::Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(std::move(profile).error());
  if (arguments.has("lost-machine"))
    return place_of_lost(environment, arguments, *std::move(profile));
  for (const char* name : {"account", "certificate", "authorities"})
    if (arguments.has(name))
      return fail_usage("--" + std::string(name) + " goes with --lost-machine URL");
  return place_of_profile(*std::move(profile));
}

// What a person typed.
struct Typed {
  client::PaperKey paper_key;
  crypto::SecretBuffer password;
  client::PasswordIs password_is = client::PasswordIs::present;
};

Result<Typed> ask_for(const Environment& environment, const Arguments& arguments) {
  SEALIFT_TRY(const auto text, ask_password(environment, "Paper key: "));
  SEALIFT_TRY(client::PaperKey paper_key, client::PaperKey::parse(base::text_of(text.view())));
  if (!arguments.has("lost-machine") && !arguments.has("new-password")) {
    SEALIFT_TRY(auto password, ask_password(environment, "Password: "));
    return Typed{std::move(paper_key), std::move(password)};
  }
  SEALIFT_TRY(auto password, choose_password(environment));
  return Typed{std::move(paper_key), std::move(password), client::PasswordIs::fresh};
}

// Where an earlier paper key endorses: that one, or what recovery officers brought back.
tl::expected<std::optional<crypto::Ed25519Secret>, Failure> other_endorsing(
    const Environment& environment, const Arguments& arguments, const parcel::Address& address) {
  if (arguments.has("recovered")) {
    const auto content = read_recovered(environment, arguments, address);
    if (!content) return tl::unexpected(content.error());
    auto keys = or_failure(client::AccountKeys::parse(content->view()));
    if (!keys) return tl::unexpected(std::move(keys).error());
    if (!keys->endorsing || keys->address != address)
      return fail_usage("the file endorses no keys of this account");
    return std::move(keys->endorsing);
  }
  std::cerr << phrase(environment.language,
                      "sealift: the account's keys are endorsed by an earlier paper key, not by "
                      "the one that logs in")
            << "\n";
  const auto text = or_failure(ask_password(environment, "Earlier paper key: "));
  if (!text) return tl::unexpected(text.error());
  const auto earlier = or_failure(client::PaperKey::parse(base::text_of(text->view())));
  if (!earlier) return tl::unexpected(earlier.error());
  return client::endorsing_key(*earlier, address);
}

// Hand-ins for links of the old keys would be sealed to those. Gives how many were closed.
Result<std::uint64_t> close_requests(const api::Api& mine, std::uint64_t generation) {
  std::uint64_t count = 0;
  api::Before before;
  do {
    SEALIFT_TRY(const api::Requests page, mine.call(api::kRequestList, {}, before));
    for (const api::FileRequest& each : page.requests) {
      if (each.closed || each.generation >= generation) continue;
      SEALIFT_TRY_VOID(mine.call(api::kRequestClose, {}, each.id));
      ++count;
    }
    before = page.next;
  } while (before);
  return count;
}

Result<void> save(const Place& place, const client::Entered& entered, const client::Rotated& done,
                  const client::Pins& pins) {
  const client::Login login{.server = place.server,
                            .trust = place.trust,
                            .account = entered.begun.account.id,
                            .address = place.address,
                            .session = entered.begun.session.id,
                            .token = entered.begun.token,
                            .key = entered.begun.key,
                            .expires = entered.begun.session.expires};
  SEALIFT_TRY_VOID(place.profile.save_login(login, done.keys));
  return place.profile.save_pins(place.server, pins);
}

void print_what_remains(base::Language language) {
  std::cerr << phrase(language,
                      "sealift: what somebody with the lost machine may still have: the files that "
                      "were received or kept on it; parcels that were fetched with its keys before "
                      "now; links and passphrases that were kept on it; the addresses of your "
                      "correspondents")
            << "\n"
            << phrase(language,
                      "sealift: what they no longer have: a login, a token or a way into the "
                      "account; keys for what is sent to you from now on; a signature that your "
                      "correspondents take for yours")
            << "\n";
}

void print(const Environment& environment, const Arguments& arguments, const client::Rotated& done,
           const std::string& recipient, std::uint64_t closed) {
  const std::string fingerprint = client::fingerprint_text(recipient);
  if (arguments.has("json")) {
    json said{{"address", done.keys.address.text()}, {"generation", done.keys.generation},
              {"fingerprint", fingerprint},          {"countersigned", done.is_countersigned},
              {"closed_requests", closed},           {"ended", json::array()}};
    for (const api::Slot& each : done.ended)
      said["ended"].push_back({{"slot", each.id.text()},
                               {"kind", api::name_of(each.kind)},
                               {"created", time_text(each.created)}});
    std::cout << said.dump() << "\n";
    return;
  }
  const base::Language language = environment.language;
  std::cout << phrase(language, "{address} has new keys; fingerprint: {fingerprint}",
                      done.keys.address.text(), fingerprint)
            << "\n";
  std::cerr << phrase(language,
                      "sealift: all other logins, tokens and ways in of the account have ended; "
                      "password and paper key stay")
            << "\n";
  if (!done.ended.empty())
    std::cerr << phrase(language, "sealift: {count} {count:way|ways} in ended with them",
                        std::uint64_t{done.ended.size()})
              << "\n";
  if (closed > 0)
    std::cerr << phrase(language,
                        "sealift: closed {count} {count:request|requests} whose links lead to the "
                        "old keys: make new ones",
                        closed)
              << "\n";
  if (!done.is_countersigned)
    std::cerr << phrase(language,
                        "sealift: the old keys alone vouch for the new ones this time: tell your "
                        "correspondents the fingerprint by telephone. From now on new keys take "
                        "the paper key's signature too")
              << "\n";
}

Outcome finish(const Environment& environment, const Arguments& arguments, const api::Api& mine,
               client::Pins& pins, const Place& place, const client::Rotated& done,
               const api::AccountId& account) {
  client::KeyFinder finder(mine, pins, wait_ms);
  const auto own = or_failure(client::find_own(finder, done.keys, account));
  if (!own) return tl::unexpected(own.error());
  const auto closed = or_failure(close_requests(mine, done.keys.generation));
  if (!closed) return tl::unexpected(closed.error());
  if (auto saved = or_failure(place.profile.save_pins(place.server, pins)); !saved) return saved;
  print(environment, arguments, done, own->newest().recipient, *closed);
  if (arguments.has("lost-machine")) print_what_remains(environment.language);
  return {};
}

// Of the new keys, to officers whom their owner knows.
void deal_shares_again(const Environment& environment, const Arguments& arguments,
                       const client::PaperKey& paper_key) {
  if (auto session = ServerSession::open(environment))
    mind_recovery(environment, arguments, *session, &paper_key);
}

Result<client::Entered> enter(const api::Api& api, const Place& place, const Typed& typed,
                              client::Pins& pins) {
  return typed.password_is == client::PasswordIs::fresh
             ? client::log_in(api, place.address, typed.paper_key, pins)
             : client::log_in(api, place.address, typed.password.view(), pins);
}

// On the day on which the paper key was made, the password still leads in.
Failure told_of_new_paper_key(Failure failure, const Typed& typed) {
  const auto refusal = base::refusal_of(failure.error);
  const bool is_new = refusal && refusal->row->reason == "way_in_is_new";
  if (is_new && typed.password_is == client::PasswordIs::fresh)
    failure.hint =
        "if you have the password, don't wait: log in with it here, `sealift login URL --account "
        "ADDRESS`, then `sealift account rotate` replaces the keys";
  return failure;
}

}  // namespace

void tell_of_earlier_paper_key(const client::Pins& pins, const parcel::Address& address,
                               const client::PaperKey& made, base::Language language) {
  if (!client::needs_other_endorsing(pins, address, made)) return;
  std::cerr << phrase(language,
                      "sealift: keep the paper key from before too, until `sealift account rotate` "
                      "has asked for both: it alone endorses new keys of the account")
            << "\n";
}

Outcome run_account_rotate(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto place = place_of(environment, *arguments);
  if (!place) return tl::unexpected(place.error());
  auto pins = or_failure(place->profile.pins(place->server));
  if (!pins) return tl::unexpected(std::move(pins).error());
  auto http =
      or_failure(client::HttpClient::make(settings_for(environment, place->server, place->trust)));
  if (!http) return tl::unexpected(std::move(http).error());
  const api::Api api(*http);
  client::LogWatch watch(api, pins->log);
  if (auto followed = watch.follow(); !followed)
    return tl::unexpected(call_failure(std::move(followed).error()));
  const auto typed = or_failure(ask_for(environment, *arguments));
  if (!typed) return tl::unexpected(typed.error());
  // A login of its own: the one that the profile has may have been copied, and ends.
  auto entered = or_failure(enter(api, *place, *typed, *pins));
  if (!entered) return tl::unexpected(told_of_new_paper_key(std::move(entered).error(), *typed));
  const api::AccountId account = entered->begun.account.id;
  const api::Api mine = api.with(client::credential_of(entered->begun));
  client::KeyFinder finder(mine, *pins, wait_ms);
  const auto own = or_failure(client::find_own(finder, entered->keys, account));
  if (!own) return tl::unexpected(own.error());
  client::RotationWish wish{.paper_key = typed->paper_key,
                            .password = typed->password.view(),
                            .password_is = typed->password_is};
  if (client::needs_other_endorsing(*pins, place->address, typed->paper_key)) {
    auto other = other_endorsing(environment, *arguments, place->address);
    if (!other) return tl::unexpected(std::move(other).error());
    wish.endorsing = *std::move(other);
  }
  crypto::SystemRandom random;
  client::Acting acting(mine, entered->keys, account, *pins);
  const auto done = or_failure(client::rotate(acting, mine, entered->keys, wish, *pins, random));
  if (!done) return tl::unexpected(done.error());
  if (auto saved = or_failure(save(*place, *entered, *done, *pins)); !saved) return saved;
  if (auto said = finish(environment, *arguments, mine, *pins, *place, *done, account); !said)
    return said;
  deal_shares_again(environment, *arguments, typed->paper_key);
  return {};
}

}  // namespace sealift::cli
