#include "cli/verbs/officers.h"

#include <iostream>

#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;

void show_officers(const std::vector<std::string>& recipients, unsigned threshold,
                   base::Language language) {
  std::cerr << phrase(language,
                      "sealift: {count} of the organisation's recovery officers together can "
                      "unlock this account, after a delay of which you are told; their keys:",
                      threshold)
            << "\n";
  for (const std::string& each : recipients)
    std::cerr << "  " << client::fingerprint_text(each) << "\n";
}

void say_too_few(std::size_t officers, unsigned threshold, base::Language language) {
  if (officers == 0) return;
  std::cerr << phrase(language,
                      "sealift: the organisation has too few recovery officers, {count} of "
                      "{needed}: nobody could bring back this account's keys yet",
                      officers, threshold)
            << "\n";
}

// Whose signature the officers have.
void show_organisation(const client::Organisation& organisation, base::Language language) {
  std::cerr << phrase(language,
                      "sealift: signed with the organisation's key, whose fingerprint is "
                      "{fingerprint}",
                      client::organisation_fingerprint(organisation.key.text()))
            << "\n";
}

void say_unsigned(std::size_t officers, base::Language language) {
  if (officers == 0) return;
  std::cerr << phrase(language,
                      "sealift: warning: recovery officers whom the organisation's key didn't sign "
                      "get no share: {count}",
                      officers)
            << "\n";
}

tl::expected<std::string, Failure> organisation_named_in(const Arguments& arguments) {
  const auto text = arguments.value(kOrganisationOption.name);
  if (!text) return "";
  auto fingerprint = client::parse_fingerprint(*text);
  if (!fingerprint) return fail_usage("--organisation-key takes a fingerprint");
  return *std::move(fingerprint);
}

Failure refusal(ErrorCode code, std::string text) {
  return Failure({code, std::move(text)},
                 "nothing was sent; compare the keys with the officers, by telephone");
}

// Whether a person said yes, on the terminal; without one, as `unseen` says.
tl::expected<bool, Failure> confirm_officers(const Environment& environment, Unseen unseen) {
  if (!has_terminal(environment)) {
    if (unseen == Unseen::take) return false;
    return tl::unexpected(
        Failure({ErrorCode::usage, "nobody has confirmed these recovery officers' keys"},
                "confirm them with `sealift account recovery` on a terminal, or name them with "
                "--recovery-officer-key"));
  }
  const auto confirmed =
      or_failure(confirm(phrase(environment.language, "Are these the right keys? Type yes: ")));
  if (!confirmed) return tl::unexpected(confirmed.error());
  if (!*confirmed)
    return tl::unexpected(
        refusal(ErrorCode::usage,
                "the recovery officers' keys were not confirmed: the answer was not yes"));
  return true;
}

}  // namespace

tl::expected<std::vector<std::string>, Failure> officers_named_in(const Arguments& arguments) {
  std::vector<std::string> named;
  for (const std::string& text : arguments.values(kOfficersOption.name)) {
    auto fingerprint = client::parse_fingerprint(text);
    if (!fingerprint) return fail_usage("--recovery-officer-key takes a fingerprint");
    named.push_back(*std::move(fingerprint));
  }
  return named;
}

tl::expected<std::optional<client::Organisation>, Failure> organisation_of(
    const Arguments& arguments, const client::api::Api& api, const ToldOfficers& told,
    const client::Pins& pins) {
  const auto given = organisation_named_in(arguments);
  if (!given) return tl::unexpected(given.error());
  auto server = or_failure(api.call(client::api::kServerDescribe));
  if (!server) return tl::unexpected(std::move(server).error());
  const std::string& named = given->empty() ? told.organisation : *given;
  auto judged =
      client::judge_organisation({server->organisation_key, told.officer_set}, pins, named);
  if (!judged)
    return tl::unexpected(
        Failure(std::move(judged).error(),
                "nothing was sent; ask the holder of the organisation's key, by telephone"));
  return *std::move(judged);
}

tl::expected<ApprovedOfficers, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    ToldOfficers told, const parcel::Address& owner, client::Pins& pins) {
  const auto named = officers_named_in(arguments);
  if (!named) return tl::unexpected(named.error());
  auto judged =
      or_failure(client::judge_officers(api, std::move(told.entries), told.again, pins, wait_ms));
  if (!judged) return tl::unexpected(std::move(judged).error());
  const auto organisation = organisation_of(arguments, api, told, pins);
  if (!organisation) return tl::unexpected(organisation.error());
  const std::size_t told_officers = judged->size();
  ApprovedOfficers approved{.officers = client::signed_officers(*organisation, *std::move(judged)),
                            .threshold = client::threshold_of(*organisation, told.threshold)};
  say_unsigned(told_officers - approved.officers.size(), environment.language);
  const std::vector<std::string> recipients = client::recipients_of(approved.officers);
  if (!named->empty() && !client::are_named(recipients, *named))
    return tl::unexpected(
        refusal(ErrorCode::damaged, "the server's recovery officers are not those of the command"));
  const bool is_known = *organisation && (*organisation)->is_known;
  if (is_known) client::pin_organisation(pins, **organisation);
  if (approved.officers.size() < approved.threshold) {
    say_too_few(approved.officers.size(), approved.threshold, environment.language);
    approved.officers.clear();
    return approved;
  }
  if (named->empty() && !is_known && client::are_accepted(pins, owner, approved.officers))
    return approved;
  show_officers(recipients, approved.threshold, environment.language);
  if (*organisation) show_organisation(**organisation, environment.language);
  if (!named->empty() || is_known) return approved;
  auto confirmed = confirm_officers(environment, told.unseen);
  if (!confirmed) return tl::unexpected(std::move(confirmed).error());
  if (*confirmed && *organisation) client::pin_organisation(pins, **organisation);
  return approved;
}

}  // namespace sealift::cli
