#include "cli/verbs/send.h"

#include <algorithm>
#include <iostream>

#include "cli/duration.h"
#include "cli/event_receipt.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "cli/verbs/transfer.h"
#include "cli/witness_check.h"
#include "client/account/key_finder.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using client::Addressee;

constexpr Option kOptions[] = {
    {'\0', "to", Takes::value},           {'\0', "link", Takes::nothing},
    {'\0', "passphrase", Takes::nothing}, {'\0', "expires", Takes::value},
    {'\0', "opens", Takes::value},        {'\0', "note", Takes::value},
    {'\0', "leave-out", Takes::nothing},  {'\0', "json", Takes::nothing},
    {'\0', "receipt", Takes::value},
};

constexpr std::uint64_t kOpensMax = 1'000'000;

struct Wishes {
  std::optional<std::chrono::milliseconds> lifetime;
  std::optional<std::uint64_t> opens_max;
  std::string note;
};

tl::expected<Wishes, Failure> wishes_of(const Arguments& arguments) {
  Wishes wishes;
  if (const auto text = arguments.value("expires")) {
    wishes.lifetime = parse_duration(*text);
    if (!wishes.lifetime) return fail_usage(duration_refused("--expires", *text));
  }
  if (const auto text = arguments.value("opens")) {
    wishes.opens_max = parse_count(*text, kOpensMax);
    if (!wishes.opens_max)
      return fail_usage("--opens takes a number from 1 to 1000000; not " + *text);
  }
  wishes.note = arguments.value("note").value_or("");
  if (auto judged = judge_note(arguments); !judged) return tl::unexpected(judged.error());
  return wishes;
}

// Somebody's newest key, judged by what was seen of the server before.
tl::expected<Addressee, Failure> find_addressee(const Environment& environment,
                                                client::KeyFinder& finder, const std::string& text,
                                                std::optional<std::uint64_t> opens_max) {
  const auto address = parcel::Address::parse(text);
  if (!address) return fail_usage("--to takes a mail address; not " + text);
  auto found = finder.find(*address);
  if (!found) {
    if (found.error().code == ErrorCode::not_found)
      return tl::unexpected(
          Failure({ErrorCode::not_found, "there is no account for " + address->text()},
                  "send a --link instead"));
    return tl::unexpected(call_failure(std::move(found).error()));
  }
  if (found->is_first_seen)
    std::cerr << phrase(environment.language,
                        "sealift: first parcel to {address}; fingerprint of the key: {fingerprint}",
                        address->text(), client::fingerprint_text(found->newest().recipient))
              << "\n";
  auto recipient = or_failure(age::Recipient::parse(found->newest().recipient));
  if (!recipient) return tl::unexpected(std::move(recipient).error());
  return Addressee{.address = address->text(),
                   .recipient = *std::move(recipient),
                   .grant = api::NewRecipient{.account = found->account,
                                              .generation = found->newest().generation,
                                              .opens_max = opens_max}};
}

// The recipients, and the sender itself, who may add others later.
tl::expected<std::vector<Addressee>, Failure> find_all(const Environment& environment,
                                                       ServerSession& session,
                                                       const client::AccountKeys& keys,
                                                       const Arguments& arguments,
                                                       const Wishes& wishes) {
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  const auto own = or_failure(client::find_own(finder, keys, session.login().account));
  if (!own) return tl::unexpected(own.error());
  if (auto same = or_failure(finder.check_again()); !same) return tl::unexpected(same.error());
  std::vector<Addressee> all;
  for (const std::string& text : arguments.values("to")) {
    auto one = find_addressee(environment, finder, text, wishes.opens_max);
    if (!one) return tl::unexpected(std::move(one).error());
    if (std::ranges::find(all, one->address, &Addressee::address) == all.end())
      all.push_back(*std::move(one));
  }
  const std::string self = keys.address.text();
  if (std::ranges::find(all, self, &Addressee::address) == all.end()) {
    auto recipient = or_failure(keys.identity.recipient());
    if (!recipient) return tl::unexpected(std::move(recipient).error());
    all.push_back({.address = self, .recipient = *std::move(recipient)});
  }
  if (auto witnessed = check_trust_policy(environment, session); !witnessed)
    return tl::unexpected(witnessed.error());
  if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
  return all;
}

client::LinkWish link_wish(const Arguments& arguments, const api::Policy& policy) {
  if (!arguments.has("link")) return client::LinkWish::none;
  const bool is_needed = policy.link_passphrase == api::PassphraseRule::required;
  return arguments.has("passphrase") || is_needed ? client::LinkWish::with_passphrase
                                                  : client::LinkWish::plain;
}

Outcome check(const Arguments& arguments) {
  if (arguments.operands().empty()) return fail_usage("send needs something to send");
  if (!arguments.has("to") && !arguments.has("link"))
    return fail_usage("send needs --to ADDRESS or --link");
  if (arguments.has("passphrase") && !arguments.has("link"))
    return fail_usage("--passphrase needs --link");
  return {};
}

client::SendOrder order_of(const ServerSession& session, Sources sources, std::vector<Addressee> to,
                           const Wishes& wishes) {
  client::SendOrder order{.paths = std::move(sources.paths),
                          .tree = std::move(sources.tree),
                          .to = std::move(to),
                          .sender_address = session.login().address.text(),
                          .server_url = session.login().server.text(),
                          .opens_max = wishes.opens_max,
                          .note = wishes.note};
  return order;
}

}  // namespace

Outcome run_send(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (auto checked = check(*arguments); !checked) return checked;
  const auto wishes = wishes_of(*arguments);
  if (!wishes) return tl::unexpected(wishes.error());
  if (auto judged = judge_receipt_path(*arguments); !judged) return judged;
  auto sources = find_sources(environment, arguments->operands(), arguments->has("leave-out"));
  if (!sources) return tl::unexpected(std::move(sources).error());
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  const auto keys = or_failure(session->keys());
  if (!keys) return tl::unexpected(keys.error());
  const auto policy = read_policy(*session);
  if (!policy) return tl::unexpected(policy.error());
  for (const std::string& text : arguments->values("to")) {
    const auto address = parcel::Address::parse(text);
    if (!address) return fail_usage("--to takes a mail address; not " + text);
    if (auto judged = judge_domain(*policy, *address); !judged) return judged;
  }
  auto to = find_all(environment, *session, *keys, *arguments, *wishes);
  if (!to) return tl::unexpected(std::move(to).error());

  client::SendOrder order = order_of(*session, *std::move(sources), *std::move(to), *wishes);
  order.lifetime = wishes->lifetime.value_or(policy->parcel_lifetime_ms_default);
  order.link = link_wish(*arguments, *policy);
  if (order.link != client::LinkWish::none && !order.opens_max)
    order.opens_max = policy->link_opens_max;
  order.begin = [&](const api::ParcelId& parcel) -> base::Result<client::Credential> {
    api::NewParcel wish{
        .id = parcel, .lifetime_ms = order.lifetime, .receipt = api::ReceiptRule::on_open};
    for (const Addressee& each : order.to)
      if (each.grant) wish.recipients.push_back(*each.grant);
    SEALIFT_TRY(const api::Parcel created, session->api().call(api::kParcelCreate, wish));
    warn_of_clock(created.created, environment.clock.now(), environment.language);
    return session->api().credential();
  };
  return send_and_print(environment, *arguments, order,
                        {.http = session->api().http(),
                         .session = session->api().credential(),
                         .signing = keys->signing,
                         .doing = "sending"});
}

}  // namespace sealift::cli
