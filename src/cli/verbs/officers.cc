#include "cli/verbs/officers.h"

#include <iostream>

#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;

void show(const std::vector<std::string>& recipients, unsigned threshold, base::Language language) {
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

tl::expected<std::vector<std::string>, Failure> named_in(const Arguments& arguments) {
  std::vector<std::string> named;
  for (const std::string& text : arguments.values(kOfficersOption.name)) {
    auto fingerprint = client::parse_fingerprint(text);
    if (!fingerprint) return fail_usage("--recovery-officer-key takes a fingerprint");
    named.push_back(*std::move(fingerprint));
  }
  return named;
}

Failure refusal(ErrorCode code, std::string text) {
  return Failure({code, std::move(text)},
                 "nothing was sent; compare the keys with the officers, by telephone");
}

// On the terminal, or else as `unseen` says.
Outcome confirm_officers(const Environment& environment, Unseen unseen) {
  if (!has_terminal(environment)) {
    if (unseen == Unseen::take) return {};
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
        refusal(ErrorCode::usage, "the recovery officers' keys were not confirmed"));
  return {};
}

}  // namespace

tl::expected<std::vector<client::Officer>, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    ToldOfficers told, const parcel::Address& owner, client::Pins& pins) {
  const auto named = named_in(arguments);
  if (!named) return tl::unexpected(named.error());
  auto officers =
      or_failure(client::judge_officers(api, std::move(told.entries), told.again, pins, wait_ms));
  if (!officers) return officers;
  const std::vector<std::string> recipients = client::recipients_of(*officers);
  if (!named->empty() && !client::are_named(recipients, *named))
    return tl::unexpected(
        refusal(ErrorCode::damaged, "the server's recovery officers are not those of the command"));
  if (officers->size() < told.threshold) {
    say_too_few(officers->size(), told.threshold, environment.language);
    return std::vector<client::Officer>();
  }
  if (named->empty() && client::are_accepted(pins, owner, *officers)) return officers;
  show(recipients, told.threshold, environment.language);
  if (!named->empty()) return officers;
  if (auto confirmed = confirm_officers(environment, told.unseen); !confirmed)
    return tl::unexpected(std::move(confirmed).error());
  return officers;
}

}  // namespace sealift::cli
