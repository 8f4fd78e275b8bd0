#include "cli/verbs/organisation.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/duration.h"
#include "cli/key_file.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"
#include "cli/verbs/officers.h"
#include "client/account/key_finder.h"
#include "client/account/organisation.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using client::Organisation;
using client::OrganisationKey;
using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {
    {'o', "output", Takes::value},
    {'\0', "key-file", Takes::value},
    {'\0', "needed", Takes::value},
    {'\0', "json", Takes::nothing},
    kOfficersOption,
};
constexpr std::string_view kTakes = "organisation takes nothing, init, or sign with addresses";

// The name that the organisation's key signs under goes by the server's log.
Result<std::string> log_name_of(ServerSession& session) {
  client::LogWatch watch(session.api(), session.pins().log);
  SEALIFT_TRY_VOID(watch.follow());
  SEALIFT_TRY_VOID(session.save_pins());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(session.pins().log->key));
  return key.name();
}

// What the server tells, judged by `pins`. Without any, for the next set: the server may have gone
// back to an older one, after a restore say.
tl::expected<std::optional<Organisation>, Failure> told_by_server(const ServerSession& session,
                                                                  const client::Pins& pins) {
  const auto server = or_failure(session.api().call(api::kServerDescribe));
  if (!server) return tl::unexpected(server.error());
  const auto own = or_failure(session.api().call(api::kRecoveryReadOwn));
  if (!own) return tl::unexpected(own.error());
  return or_failure(
      client::judge_organisation({server->organisation_key, own->officer_set}, pins, ""));
}

std::uint64_t last_number(const client::Pins& pins, const std::optional<Organisation>& told) {
  const std::uint64_t seen = pins.organisation ? pins.organisation->number : 0;
  return std::max(seen, told && told->set ? told->set->number : 0);
}

json officers_json(const parcel::OfficerSet& set) {
  json officers = json::array();
  for (const parcel::SetOfficer& each : set.officers)
    officers.push_back({{"address", each.address.text()},
                        {"account", api::AccountId{each.account}.text()},
                        {"fingerprint", client::fingerprint_text(each.recipient)}});
  return officers;
}

json organisation_json(const Organisation& organisation) {
  json made = {{"key", organisation.key.text()},
               {"fingerprint", client::organisation_fingerprint(organisation.key.text())},
               {"is_known", organisation.is_known}};
  if (!organisation.set) return made;
  made["number"] = organisation.set->number;
  made["needed"] = organisation.set->needed;
  made["officers"] = officers_json(*organisation.set);
  return made;
}

void print_set(const parcel::OfficerSet& set) {
  for (const parcel::SetOfficer& each : set.officers)
    std::cout << "  " << client::fingerprint_text(each.recipient) << "  " << each.address.text()
              << "\n";
}

Outcome show(const Environment& environment, const Arguments& arguments, ServerSession& session) {
  const base::Language language = environment.language;
  const auto organisation = told_by_server(session, session.pins());
  if (!organisation) return tl::unexpected(organisation.error());
  if (arguments.has("json")) {
    std::cout << (*organisation ? organisation_json(**organisation) : json::object()).dump()
              << "\n";
    return {};
  }
  if (!*organisation) {
    say_none(arguments, phrase(language, "sealift: this server knows no organisation key"));
    return {};
  }
  std::cout << phrase(language, "organisation key: {fingerprint}",
                      client::organisation_fingerprint((*organisation)->key.text()))
            << "\n"
            << ((*organisation)->is_known
                    ? phrase(language, "known here: only officers whom it signed get shares")
                    : phrase(language,
                             "not known here: compare it, then `sealift account recovery "
                             "--organisation-key FINGERPRINT`"))
            << "\n";
  if (!(*organisation)->set) return {};
  std::cout << phrase(language, "recovery officers, set {number}: {needed} of {count} together",
                      (*organisation)->set->number, (*organisation)->set->needed,
                      (*organisation)->set->officers.size())
            << "\n";
  print_set(*(*organisation)->set);
  return {};
}

Outcome init(const Environment& environment, const Arguments& arguments, ServerSession& session) {
  const auto path = arguments.value("output");
  if (!path) return fail_usage("organisation init needs --output FILE");
  const auto name = or_failure(log_name_of(session));
  if (!name) return tl::unexpected(name.error());
  crypto::SystemRandom random;
  const OrganisationKey key = OrganisationKey::generate(random);
  const log::VerifierKey verifier = parcel::organisation_key(*name, key.secret().public_key());
  const std::string comments = "# " + verifier.text() + "\n";
  const crypto::SecretBuffer text = key.text();
  crypto::SecretBuffer content(comments.size() + text.size() + 1);
  const base::MutableByteView at = content.mutable_view();
  std::ranges::copy(base::bytes_of(comments), at.begin());
  std::ranges::copy(text.view(), at.subspan(comments.size()).begin());
  at.back() = std::byte{'\n'};
  if (auto written = write_new_key_file(*path, content.view()); !written) return written;
  const std::string fingerprint = client::organisation_fingerprint(verifier.text());
  say_done(arguments, {{"key", verifier.text()}, {"fingerprint", fingerprint}, {"file", *path}},
           phrase(environment.language,
                  "made the organisation's key {file}; its fingerprint, to print and to hand out: "
                  "{fingerprint}\n"
                  "Its public key, for the people who run the server: {key}",
                  *path, fingerprint, verifier.text()));
  return {};
}

tl::expected<OrganisationKey, Failure> key_of(const Environment& environment,
                                              const Arguments& arguments) {
  if (const auto path = arguments.value("key-file")) {
    const auto content = or_failure(read_key_file(*path));
    if (!content) return tl::unexpected(content.error());
    auto key = OrganisationKey::parse(base::text_of(content->view()));
    if (!key) return tl::unexpected(Failure(std::move(key).error().with_context(*path)));
    return *std::move(key);
  }
  const auto typed = read_passphrase(phrase(environment.language, "Organisation key: "));
  if (!typed)
    return tl::unexpected(
        Failure(typed.error(), "without a terminal, give it with --key-file FILE"));
  return or_failure(OrganisationKey::parse(base::text_of(typed->view())));
}

// By their newest keys, as the directory proves them.
tl::expected<std::vector<parcel::SetOfficer>, Failure> officers_of(
    ServerSession& session, std::span<const std::string> addresses) {
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  std::vector<parcel::SetOfficer> officers;
  for (const std::string& text : addresses) {
    auto address = parcel::Address::parse(text);
    if (!address) return fail_usage(text + " is not a mail address");
    const auto found = finder.find(*address, client::KeyUse::verify);
    if (!found && found.error().code == ErrorCode::not_found)
      return tl::unexpected(
          Failure({ErrorCode::not_found, "there is no account for " + address->text()},
                  "see who there is with `sealift people list`"));
    if (!found) return tl::unexpected(call_failure(found.error()));
    officers.push_back({found->account.bytes, found->newest().recipient, *std::move(address)});
  }
  if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
  return officers;
}

// By --recovery-officer-key, or a person at the terminal.
Outcome confirm_set(const Environment& environment, const Arguments& arguments,
                    const parcel::OfficerSet& set) {
  const auto named = officers_named_in(arguments);
  if (!named) return tl::unexpected(named.error());
  std::vector<std::string> recipients;
  for (const parcel::SetOfficer& each : set.officers) recipients.push_back(each.recipient);
  if (!named->empty()) {
    if (client::are_named(recipients, *named)) return {};
    return tl::unexpected(
        Failure({ErrorCode::damaged, "the directory's keys are not those of the command"},
                "nothing was signed; compare the keys with the officers, by telephone"));
  }
  for (const parcel::SetOfficer& each : set.officers)
    std::cerr << "  " << client::fingerprint_text(each.recipient) << "  " << each.address.text()
              << "\n";
  if (!has_terminal(environment))
    return tl::unexpected(
        Failure({ErrorCode::usage, "nobody has confirmed these recovery officers' keys"},
                "name them with --recovery-officer-key, or sign on a terminal"));
  const auto confirmed =
      or_failure(confirm(phrase(environment.language, "Are these the right keys? Type yes: ")));
  if (!confirmed) return tl::unexpected(confirmed.error());
  if (!*confirmed)
    return tl::unexpected(
        Failure({ErrorCode::usage,
                 "the recovery officers' keys were not confirmed: the answer was not yes"},
                "nothing was signed; compare the keys with the officers, by telephone"));
  return {};
}

// Everybody else's clients refuse a key that isn't the one they know.
Outcome need_same_key(const std::optional<Organisation>& before, const log::VerifierKey& key) {
  if (!before || before->key.text() == key.text()) return {};
  return tl::unexpected(Failure({ErrorCode::conflict,
                                 "this is not the organisation key that the server has: its "
                                 "fingerprint is " +
                                     client::organisation_fingerprint(before->key.text())},
                                "sign with that one: clients that know it refuse any other"));
}

// Who was signed and isn't a recovery officer, or has other keys by now.
void tell_of_others(const ServerSession& session, const parcel::OfficerSet& set,
                    base::Language language) {
  const auto own = session.api().call(api::kRecoveryReadOwn);
  if (!own) return;
  for (const parcel::SetOfficer& each : set.officers) {
    const bool is_one = std::ranges::any_of(own->officers, [&](const api::DirectoryEntry& entry) {
      return entry.account.bytes == each.account && entry.key.recipient == each.recipient;
    });
    if (!is_one)
      std::cerr << phrase(
                       language,
                       "sealift: warning: {address} isn't a recovery officer of this server, and "
                       "gets no share until an administrator gives the role",
                       each.address.text())
                << "\n";
  }
}

Outcome sign(const Environment& environment, const Arguments& arguments, ServerSession& session) {
  const auto needed =
      parse_count(arguments.value("needed").value_or("2"), limits::kRecoveryOfficersMax);
  if (!needed || *needed < 2) return fail_usage("--needed takes a number, 2 at least");
  const auto name = or_failure(log_name_of(session));
  if (!name) return tl::unexpected(name.error());
  const auto before = told_by_server(session, {});
  if (!before) return tl::unexpected(before.error());
  const std::span addresses = std::span(arguments.operands()).subspan(1);
  auto officers = officers_of(session, addresses);
  if (!officers) return tl::unexpected(std::move(officers).error());
  const auto key = key_of(environment, arguments);
  if (!key) return tl::unexpected(key.error());
  const log::VerifierKey verifier = parcel::organisation_key(*name, key->secret().public_key());
  if (auto same = need_same_key(*before, verifier); !same) return same;
  const parcel::OfficerSet set{.log_name = *name,
                               .number = last_number(session.pins(), *before) + 1,
                               .needed = *needed,
                               .officers = *std::move(officers)};
  const auto note = or_failure(parcel::sign_officer_set(set, key->secret()));
  if (!note) return tl::unexpected(note.error());
  if (auto confirmed = confirm_set(environment, arguments, set); !confirmed) return confirmed;
  auto done = or_failure(
      session.act(api::kOfficersSign, {.organisation_key = verifier.text(), .officer_set = *note}));
  if (!done) return tl::unexpected(std::move(done).error());
  tell_of_others(session, set, environment.language);
  client::pin_organisation(session.pins(), {verifier, set, *note, true});
  if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
  say_done(arguments,
           {{"number", set.number}, {"needed", set.needed}, {"officers", officers_json(set)}},
           phrase(environment.language,
                  "signed set {number}: {needed} of {count} recovery officers together", set.number,
                  set.needed, set.officers.size()));
  return {};
}

}  // namespace

Outcome run_organisation(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  constexpr std::string_view kNames[] = {"init", "sign"};
  const auto& operands = arguments->operands();
  if (!operands.empty() && std::ranges::find(kNames, operands[0]) == std::end(kNames))
    return fail_usage(std::string(kTakes), did_you_mean(operands[0], kNames));
  const bool is_sign = !operands.empty() && operands[0] == "sign";
  if (is_sign && operands.size() < 3)
    return fail_usage("organisation sign takes two recovery officers at least");
  if (!is_sign && operands.size() > 1) return fail_usage(std::string(kTakes));
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  if (is_sign) return sign(environment, *arguments, *session);
  if (!operands.empty()) return init(environment, *arguments, *session);
  return show(environment, *arguments, *session);
}

}  // namespace sealift::cli
