#include "cli/verbs/parcels.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/duration.h"
#include "cli/known_people.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/time_text.h"
#include "cli/verbs/openings.h"
#include "cli/verbs/transfer.h"
#include "client/account/key_finder.h"
#include "client/transfer/add_recipient.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using nlohmann::json;

constexpr std::string_view kRecipientsParts[] = {"add", "remove"};
constexpr std::string_view kLinksParts[] = {"revoke"};
constexpr Option kJsonOption[] = {{'\0', "json", Takes::nothing}};
constexpr Option kRecipientsOptions[] = {{'\0', "opens", Takes::value},
                                         {'\0', "json", Takes::nothing}};

// Every page of a list.
tl::expected<std::vector<api::Parcel>, Failure> all_parcels(
    const ServerSession& session, const api::Call<api::Nothing, api::Parcels, api::Before>& call) {
  std::vector<api::Parcel> all;
  api::Before before;
  do {
    auto page = or_failure(session.api().call(call, {}, before));
    if (!page) return tl::unexpected(std::move(page).error());
    for (api::Parcel& each : page->parcels) all.push_back(std::move(each));
    before = page->next;
  } while (before);
  return all;
}

json parcel_json(const api::Parcel& parcel, const KnownPeople& people) {
  json recipients = json::array();
  for (const api::RecipientState& each : parcel.recipients) {
    json one = {{"account", each.account.text()}, {"opens_used", each.opens_used}};
    if (auto address = people.find(each.account)) one["address"] = *std::move(address);
    if (each.opens_max) one["opens_max"] = *each.opens_max;
    if (each.revoked) one["revoked"] = time_text(*each.revoked);
    recipients.push_back(std::move(one));
  }
  json out = {{"parcel", parcel.id.text()},
              {"sender", parcel.sender.text()},
              {"state", std::string(api::name_of(parcel.state))},
              {"payload_bytes", parcel.payload_bytes},
              {"created", time_text(parcel.created)},
              {"expires", time_text(parcel.expires)},
              {"recipients", std::move(recipients)}};
  if (parcel.request) out["request"] = parcel.request->text();
  if (auto address = people.find(parcel.sender); address && !parcel.request)
    out["sender_address"] = *std::move(address);
  else if (parcel.sender_address)
    out["sender_address_unverified"] = *parcel.sender_address;
  return out;
}

// Whom a parcel is from, in the inbox; to whom it goes, in the outbox: those added later too.
enum class Column { sender, recipients };

std::string people_text(const api::Parcel& parcel, const KnownPeople& people, Column column,
                        base::Language language) {
  if (parcel.request) return phrase(language, "handed in");
  if (column == Column::sender) {
    if (!people.find(parcel.sender) && parcel.sender_address)
      return phrase(language, "from {sender}, by the server's word",
                    client::printable_name(*parcel.sender_address));
    return phrase(language, "from {sender}", people.name(parcel.sender));
  }
  std::string names;
  for (const api::RecipientState& each : parcel.recipients) {
    if (each.revoked) continue;
    names.append(names.empty() ? "" : ", ").append(people.name(each.account));
  }
  return names.empty() ? phrase(language, "by link") : phrase(language, "to {recipients}", names);
}

void print(const std::vector<api::Parcel>& parcels, const KnownPeople& people, Column column,
           const Arguments& arguments, base::Language language) {
  if (arguments.has("json")) {
    json out = json::array();
    for (const api::Parcel& each : parcels) out.push_back(parcel_json(each, people));
    std::cout << out.dump() << "\n";
    return;
  }
  if (parcels.empty())
    say_none(arguments, column == Column::sender
                            ? phrase(language, "sealift: no parcel waits for you")
                            : phrase(language, "sealift: you have sent no parcel"));
  for (const api::Parcel& each : parcels) {
    const std::string_view state = looked_up(language, api::name_of(each.state));
    std::cout << phrase(language, "{parcel}  {time}  {size_bytes}  ", each.id.text(), each.created,
                        each.payload_bytes)
              << (each.state == api::ParcelState::whole
                      ? phrase(language, "{state} until {time}", state, each.expires)
                      : std::string(state))
              << "  " << people_text(each, people, column, language) << "\n";
  }
}

Outcome list(const Environment& environment, const Arguments& arguments,
             const api::Call<api::Nothing, api::Parcels, api::Before>& call, Column column) {
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  const auto parcels = all_parcels(*session, call);
  if (!parcels) return tl::unexpected(parcels.error());
  print(*parcels, KnownPeople(*session, environment.language), column, arguments,
        environment.language);
  return {};
}

Outcome list_openings(const Environment& environment, const Arguments& arguments) {
  const auto parcel = parse_parcel(arguments.operands()[0]);
  if (!parcel) return tl::unexpected(parcel.error());
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  return print_openings(environment, *session, *parcel, arguments);
}

struct FoundPerson {
  std::string address;
  client::FoundKeys found;
};

tl::expected<FoundPerson, Failure> find_person(ServerSession& session, const std::string& text) {
  const auto address = parcel::Address::parse(text);
  if (!address) return fail_usage(text + " is not a mail address");
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  auto found = or_failure(finder.find(*address));
  if (!found) return tl::unexpected(std::move(found).error());
  if (auto saved = or_failure(session.save_pins()); !saved) return tl::unexpected(saved.error());
  return FoundPerson{address->text(), *std::move(found)};
}

Outcome add(const Environment& environment, ServerSession& session, const api::ParcelId& parcel,
            const FoundPerson& person, std::optional<std::uint64_t> opens_max) {
  const auto keys = or_failure(session.keys());
  if (!keys) return tl::unexpected(keys.error());
  const api::Key& newest = person.found.newest();
  const auto recipient = or_failure(age::Recipient::parse(newest.recipient));
  if (!recipient) return tl::unexpected(recipient.error());
  if (person.found.is_first_seen)
    std::cerr << phrase(environment.language,
                        "sealift: first parcel to {address}; fingerprint of the key: {fingerprint}",
                        person.address, client::fingerprint_text(newest.recipient))
              << "\n";
  crypto::SystemRandom random;
  age::Pipeline pipeline(1);
  const auto added =
      or_failure(client::add_recipient({.parcel = parcel,
                                        .address = person.address,
                                        .recipient = *recipient,
                                        .grant = {.account = person.found.account,
                                                  .generation = newest.generation,
                                                  .opens_max = opens_max}},
                                       {.api = session.api(),
                                        .keys = *keys,
                                        .sent = client::SentNotes(sent_folder(environment)),
                                        .pipeline = pipeline,
                                        .random = random,
                                        .clock = environment.clock}));
  if (!added) return tl::unexpected(added.error());
  std::cerr << phrase(environment.language, "sealift: {address} can open {parcel} now",
                      person.address, parcel.text())
            << "\n";
  return {};
}

void print_links(const api::Links& links, const Arguments& arguments, base::Language language) {
  if (links.links.empty()) say_none(arguments, phrase(language, "sealift: the parcel has no link"));
  json out = json::array();
  for (const api::Link& each : links.links) {
    const bool has_passphrase = each.passphrase == api::Passphrase::needed;
    json one = {{"link", each.id.text()},
                {"passphrase", has_passphrase},
                {"opens_used", each.opens_used},
                {"expires", time_text(each.expires)}};
    if (each.opens_max) one["opens_max"] = *each.opens_max;
    if (each.revoked) one["revoked"] = time_text(*each.revoked);
    out.push_back(std::move(one));
    if (arguments.has("json")) continue;
    std::cout << (each.opens_max
                      ? phrase(language, "{link}  opened {count} of {max}", each.id.text(),
                               each.opens_used, *each.opens_max)
                      : phrase(language, "{link}  opened {count}", each.id.text(), each.opens_used))
              << (each.revoked ? phrase(language, "  revoked {time}", *each.revoked)
                               : phrase(language, "  until {time}", each.expires))
              << (has_passphrase ? phrase(language, "  passphrase") : "") << "\n";
  }
  if (arguments.has("json")) std::cout << out.dump() << "\n";
}

// To the sender of a parcel, a link that there isn't is none of it.
Failure link_failure(const base::Error& error, const std::string& parcel) {
  const auto refusal = base::refusal_of(error);
  if (!refusal || refusal->row->reason != "no_link") return parcel_failure(error);
  return {{ErrorCode::not_found, "the parcel has no such link"},
          "`sealift links " + parcel + "` lists them"};
}

}  // namespace

Outcome run_inbox(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!arguments->operands().empty()) return fail_usage("inbox takes no operand");
  return list(environment, *arguments, api::kParcelListReceived, Column::sender);
}

Outcome run_outbox(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() > 1) return fail_usage("outbox takes one parcel at most");
  if (arguments->operands().size() == 1) return list_openings(environment, *arguments);
  return list(environment, *arguments, api::kParcelListSent, Column::recipients);
}

Outcome run_recall(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() != 1) return fail_usage("recall takes one parcel");
  const auto parcel = parse_parcel(arguments->operands()[0]);
  if (!parcel) return tl::unexpected(parcel.error());
  const auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  const auto recalled = or_parcel_failure(session->api().call(api::kParcelRecall, {}, *parcel));
  if (!recalled) return tl::unexpected(recalled.error());
  say_done(*arguments, {{"recalled", parcel->text()}},
           phrase(environment.language,
                  "recalled {parcel}: the server can't give its keys to anybody any more",
                  parcel->text()));
  return {};
}

Outcome run_recipients(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kRecipientsOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  if (operands.size() != 3 || (operands[0] != "add" && operands[0] != "remove"))
    return fail_usage("recipients takes add or remove, a parcel and an address",
                      did_you_mean(operands.empty() ? "" : operands[0], kRecipientsParts));
  std::optional<std::uint64_t> opens_max;
  if (const auto text = arguments->value("opens")) {
    opens_max = parse_count(*text, 1'000'000);
    if (!opens_max) return fail_usage("--opens takes a number from 1 to 1000000; not " + *text);
  }
  const auto parcel = parse_parcel(operands[1]);
  if (!parcel) return tl::unexpected(parcel.error());
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  if (const auto address = parcel::Address::parse(operands[2]); address && operands[0] == "add") {
    const auto policy = read_policy(*session);
    if (!policy) return tl::unexpected(policy.error());
    if (auto judged = judge_domain(*policy, *address); !judged) return judged;
  }
  const auto person = find_person(*session, operands[2]);
  if (!person) return tl::unexpected(person.error());
  if (operands[0] == "add") {
    if (auto added = add(environment, *session, *parcel, *person, opens_max); !added) return added;
    say_done(*arguments, {{"parcel", parcel->text()}, {"added", person->address}},
             phrase(environment.language, "added {address} to {parcel}", person->address,
                    parcel->text()));
    return {};
  }
  const auto revoked = or_failure(
      session->api().call(api::kParcelRevokeRecipient, {}, *parcel, person->found.account));
  if (!revoked) return tl::unexpected(revoked.error());
  say_done(*arguments, {{"parcel", parcel->text()}, {"removed", person->address}},
           phrase(environment.language,
                  "removed {address} from {parcel}: what they have received already stays theirs",
                  person->address, parcel->text()));
  return {};
}

Outcome run_links(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kJsonOption, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  const bool revokes = operands.size() == 3 && operands[0] == "revoke";
  if (!revokes && operands.size() != 1)
    return fail_usage("links takes a parcel, or revoke, a parcel and a link",
                      did_you_mean(operands.empty() ? "" : operands[0], kLinksParts));
  const auto parcel = parse_parcel(operands[revokes ? 1 : 0]);
  if (!parcel) {
    const std::string meant = did_you_mean(operands[revokes ? 1 : 0], kLinksParts);
    return tl::unexpected(
        Failure(parcel.error().error, meant.empty() ? parcel.error().hint : meant));
  }
  const auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  if (revokes) {
    const auto link = api::LinkId::parse(operands[2]);
    if (!link)
      return fail_usage("a link's id has 32 hexadecimal digits; not " + operands[2],
                        "`sealift links " + parcel->text() + "` lists them");
    const auto revoked = session->api().call(api::kLinkRevoke, {}, *parcel, *link);
    if (!revoked) return tl::unexpected(link_failure(revoked.error(), parcel->text()));
    say_done(*arguments, {{"parcel", parcel->text()}, {"revoked", link->text()}},
             phrase(environment.language, "revoked the link {link} of {parcel}", link->text(),
                    parcel->text()));
    return {};
  }
  const auto links = or_parcel_failure(session->api().call(api::kLinkList, {}, *parcel));
  if (!links) return tl::unexpected(links.error());
  print_links(*links, *arguments, environment.language);
  return {};
}

}  // namespace sealift::cli
