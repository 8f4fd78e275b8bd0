#include "cli/verbs/own_recovery.h"

#include <iostream>

#include "cli/done.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/verbs/officers.h"
#include "client/account/rotating.h"
#include "client/account/unlocking.h"
#include "crypto/random.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using client::RecoveryNeed;
namespace api = client::api;

ToldOfficers told_by(const ServerSession& session, const api::OwnRecovery& own) {
  return {.entries = own.officers,
          .again = [&session]() -> base::Result<client::Entries> {
            SEALIFT_TRY(api::OwnRecovery again, session.api().call(api::kRecoveryReadOwn));
            return std::move(again.officers);
          },
          .threshold = client::recovery_threshold(own.threshold),
          .officer_set = own.officer_set,
          .unseen = Unseen::refuse};
}

// Who has shares now; nobody: there are too few.
tl::expected<ApprovedOfficers, Failure> deal_again(const Environment& environment,
                                                   const Arguments& arguments,
                                                   ServerSession& session,
                                                   const api::OwnRecovery& own,
                                                   const client::PaperKey* paper_key) {
  const client::Login& login = session.login();
  auto approved = approve_officers(environment, arguments, session.api(), told_by(session, own),
                                   login.address, session.pins());
  if (!approved) return approved;
  if (approved->officers.empty()) {
    if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
    return approved;
  }
  auto keys = or_failure(session.keys());
  if (!keys) return tl::unexpected(keys.error());
  if (paper_key) keys->endorsing = client::endorsing_key(*paper_key, login.address);
  const auto acting = or_failure(session.acting());
  if (!acting) return tl::unexpected(acting.error());
  crypto::SystemRandom random;
  const auto renewed = or_failure(client::renew_recovery(
      **acting, *keys, login.account, approved->officers, approved->threshold, random));
  if (!renewed) return tl::unexpected(renewed.error());
  client::accept_officers(session.pins(), login.address, approved->officers);
  if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
  return approved;
}

void print_dealt(const Arguments& arguments, const ApprovedOfficers& approved,
                 base::Language language) {
  const std::size_t officers = approved.officers.size();
  say_done(arguments, {{"officers", officers}, {"needed", approved.threshold}},
           officers == 0 ? phrase(language, "no recovery officer has a share of the keys")
                         : phrase(language,
                                  "{count} recovery officers have shares of the keys; it takes "
                                  "{needed} of them, and the delay",
                                  officers, approved.threshold));
}

void warn_of_undealt(const Failure& failure, base::Language language) {
  std::cerr << phrase(language, "sealift: warning: the recovery stays as it was: {reason}",
                      sentence_of(failure.error, language))
            << "\n"
            << phrase(language, "sealift: hint: `sealift account recovery` deals it again") << "\n";
}

// Where shares without the paper key's endorsing key would be dealt.
void tell_of_endorsing(const client::Pins& pins, const parcel::Address& address,
                       base::Language language) {
  const auto pin = pins.keys.find(address.text());
  if (pin == pins.keys.end() || !pin->second.endorsing_key) return;
  std::cerr << phrase(language,
                      "sealift: hint: after a recovery with these shares the account keeps its "
                      "present keys for good; `sealift account recovery --paper-key` gives shares "
                      "that also let new ones be made")
            << "\n";
}

// The account's, judged before anybody is asked about officers.
base::Result<std::optional<client::PaperKey>> endorsing_paper_key(const Environment& environment,
                                                                  const Arguments& arguments,
                                                                  ServerSession& session) {
  if (!arguments.has("paper-key")) return std::nullopt;
  SEALIFT_TRY(const auto text, ask_password(environment, "Paper key: "));
  SEALIFT_TRY(auto paper_key, client::PaperKey::parse(base::text_of(text.view())));
  if (client::needs_other_endorsing(session.pins(), session.login().address, paper_key))
    return base::fail(base::ErrorCode::no_match,
                      "this paper key doesn't endorse the account's keys");
  return std::optional(std::move(paper_key));
}

}  // namespace

void warn_of_recovery(const api::OwnRecovery& own, base::Language language) {
  if (!own.waiting) return;
  std::cerr << phrase(language,
                      "sealift: warning: a recovery officer asked for this account's keys on "
                      "{asked}; they can be given out from {time} on",
                      own.waiting->created, own.waiting->not_before)
            << "\n"
            << phrase(language,
                      "sealift: hint: if you didn't ask for it, `sealift recovery cancel` stops it")
            << "\n";
}

void mind_recovery(const Environment& environment, const Arguments& arguments,
                   ServerSession& session, const client::PaperKey* paper_key) {
  const auto own = session.api().call(api::kRecoveryReadOwn);
  if (!own) return;  // a server of 0.1.0, or a token for something else
  warn_of_recovery(*own, environment.language);
  const auto keys = session.keys();
  if (!keys) return;
  const auto organisation =
      organisation_of(arguments, session.api(), told_by(session, *own), session.pins());
  if (!organisation) {
    warn_of_undealt(organisation.error(), environment.language);
    return;
  }
  if (*organisation && (*organisation)->is_known) {
    client::pin_organisation(session.pins(), **organisation);  // what was seen isn't taken back
    if (!session.save_pins()) return;
  }
  api::OwnRecovery counted = *own;
  client::keep_signed(*organisation, counted);
  const RecoveryNeed need = client::recovery_need(counted, keys->generation);
  if (need != RecoveryNeed::each && need != RecoveryNeed::outdated) return;
  std::cerr << (need == RecoveryNeed::each
                    ? phrase(environment.language,
                             "sealift: each recovery officer could open this account's recovery "
                             "alone: dealing it in shares")
                    : phrase(environment.language,
                             "sealift: this account's recovery is of older keys or officers: "
                             "dealing it again"))
            << "\n";
  const auto dealt = deal_again(environment, arguments, session, *own, paper_key);
  if (dealt) {
    if (!dealt->officers.empty() && !paper_key)
      tell_of_endorsing(session.pins(), session.login().address, environment.language);
    return;
  }
  warn_of_undealt(dealt.error(), environment.language);
}

Outcome renew_own_recovery(const Environment& environment, const Arguments& arguments,
                           ServerSession& session) {
  const auto own = or_failure(session.api().call(api::kRecoveryReadOwn));
  if (!own) return tl::unexpected(own.error());
  warn_of_recovery(*own, environment.language);
  const auto paper_key = or_failure(endorsing_paper_key(environment, arguments, session));
  if (!paper_key) return tl::unexpected(paper_key.error());
  const auto dealt =
      deal_again(environment, arguments, session, *own, *paper_key ? &**paper_key : nullptr);
  if (!dealt) return tl::unexpected(dealt.error());
  print_dealt(arguments, *dealt, environment.language);
  if (!dealt->officers.empty() && !*paper_key)
    tell_of_endorsing(session.pins(), session.login().address, environment.language);
  return {};
}

}  // namespace sealift::cli
