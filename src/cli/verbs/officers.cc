#include "cli/verbs/officers.h"

#include <iostream>

#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;

constexpr std::string_view kOption = "recovery-officer-key";

void show(const std::vector<std::string>& recipients, base::Language language) {
  std::cerr << phrase(language,
                      "sealift: the organisation's recovery officers together can unlock this "
                      "account, after a delay of which you are told; their keys:")
            << "\n";
  for (const std::string& each : recipients)
    std::cerr << "  " << client::fingerprint_text(each) << "\n";
}

}  // namespace

tl::expected<std::vector<std::string>, Failure> approve_officers(
    const Environment& environment, const Arguments& arguments, const client::api::Api& api,
    const client::api::Token& token, client::api::EnrolmentOffer& offer, client::Pins& pins) {
  std::vector<std::string> named;
  for (const std::string& text : arguments.values(kOption)) {
    auto fingerprint = client::parse_fingerprint(text);
    if (!fingerprint) return fail_usage("--recovery-officer-key takes a fingerprint");
    named.push_back(*std::move(fingerprint));
  }
  auto recipients = or_failure(client::judge_officers(api, token, offer, pins, wait_ms));
  if (!recipients) return recipients;
  if (!recipients->empty()) show(*recipients, environment.language);
  const std::string nothing = "nothing was sent; compare the keys with the officers, by telephone";
  if (!named.empty() && !client::are_named(*recipients, named))
    return tl::unexpected(
        Failure({ErrorCode::damaged, "the server's recovery officers are not those of the command"},
                nothing));
  const bool asks = named.empty() && !recipients->empty() && has_terminal(environment);
  if (!asks) return recipients;
  const auto confirmed =
      or_failure(confirm(phrase(environment.language, "Are these the right keys? Type yes: ")));
  if (!confirmed) return tl::unexpected(confirmed.error());
  if (!*confirmed)
    return tl::unexpected(
        Failure({ErrorCode::usage, "the recovery officers' keys were not confirmed"}, nothing));
  return recipients;
}

}  // namespace sealift::cli
