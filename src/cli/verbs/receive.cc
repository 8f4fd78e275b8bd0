#include "cli/verbs/receive.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "cli/event_receipt.h"
#include "cli/given_link.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/time_text.h"
#include "cli/verbs/conflicts.h"
#include "cli/verbs/transfer.h"
#include "client/account/key_finder.h"
#include "client/transfer/add_recipient.h"
#include "client/transfer/correspondence.h"
#include "client/transfer/judge_signer.h"
#include "parcel/link.h"
#include "parcel/request_link.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

constexpr Option kOptions[] = {
    {'o', "output", Takes::value},       {'\0', "only", Takes::value},
    {'\0', "list", Takes::nothing},      {'\0', "sealed", Takes::value},
    {'\0', "certificate", Takes::value}, {'\0', "authorities", Takes::value},
    {'\0', "json", Takes::nothing},      {'\0', "receipt", Takes::value},
    {'\0', "conflict", Takes::value},    {'\0', "ignore-free-space", Takes::nothing},
};

// Opens with the keys of an account.
class AccountKey final : public client::ParcelKey {
 public:
  // `before_opening` is called before another opening is asked for, and counts.
  AccountKey(const api::Api& api, const api::ParcelId& parcel, client::AccountKeys keys,
             std::function<void()> before_opening)
      : api_(api),
        parcel_(parcel),
        keys_(std::move(keys)),
        before_opening_(std::move(before_opening)) {}

  Result<api::Ticket> open() override {
    before_opening_();
    return api_.call(api::kParcelOpen, {}, parcel_);
  }
  Result<std::vector<age::Identity>> identities(base::ByteView) override {
    return keys_.identities();
  }
  const crypto::Ed25519Secret& signing() override { return keys_.signing; }
  const client::AccountKeys& keys() const { return keys_; }

 private:
  const api::Api& api_;
  const api::ParcelId parcel_;
  const client::AccountKeys keys_;
  const std::function<void()> before_opening_;
};

// Opens with the two halves of a link.
class LinkKey final : public client::ParcelKey {
 public:
  LinkKey(client::HttpClient& http, const parcel::Link& link, const Environment& environment)
      : api_(http),
        link_(link),
        environment_(environment),
        signing_(parcel::link_signing_key(link, {})) {}

  // What is asked of a person is asked before the opening counts.
  Result<void> look() {
    SEALIFT_TRY(page_, api_.call(api::kLinkLook, {}, id()));
    if (page_.challenge.bytes.size() != challenge_.size())
      return base::fail(ErrorCode::malformed, "the server's challenge is malformed");
    std::ranges::copy(page_.challenge.bytes, challenge_.begin());
    if (page_.passphrase == api::Passphrase::none) return {};
    SEALIFT_TRY(const crypto::SecretBuffer typed,
                ask_password(environment_, "passphrase of the link: "));
    SEALIFT_TRY(passphrase_, parcel::stretch_passphrase(link_, typed));
    signing_ = parcel::link_signing_key(link_, passphrase_);
    return {};
  }

  Result<api::Ticket> open() override {
    const api::Redeem redeem{.challenge = page_.challenge,
                             .verifier = signing_.public_key(),
                             .proof = parcel::sign_challenge(signing_, challenge_)};
    auto ticket = api_.call(api::kLinkRedeem, redeem, id());
    if (!ticket && passphrase_ && ticket.error().code == ErrorCode::not_found)
      return base::fail(ErrorCode::no_match,
                        "the link or the passphrase is wrong; no opening was used");
    if (!ticket && ticket.error().code == ErrorCode::unauthorized)
      return base::fail(ErrorCode::no_match,
                        "the server says that the link is a wrong one; no opening was used");
    return ticket;
  }
  Result<std::vector<age::Identity>> identities(base::ByteView half) override {
    if (half.size() != parcel::ServerHalf::kSize)
      return base::fail(ErrorCode::malformed, "the server returned no half of the link");
    const auto server_half =
        parcel::ServerHalf::copy_of(std::span<const std::byte, parcel::ServerHalf::kSize>(half));
    SEALIFT_TRY(age::Identity identity, client::identity_of_link(link_, server_half, passphrase_));
    std::vector<age::Identity> all;
    all.push_back(std::move(identity));
    return all;
  }
  const crypto::Ed25519Secret& signing() override { return signing_; }

 private:
  api::ParcelId id() const {
    api::ParcelId id;
    id.bytes = link_.parcel_id;
    return id;
  }

  const api::Api api_;
  const parcel::Link& link_;
  const Environment& environment_;
  crypto::Ed25519Secret signing_;
  api::LinkPage page_;
  parcel::LinkChallenge challenge_{};
  parcel::StretchedPassphrase passphrase_;
};

// By whose word a parcel is from whom. What came by link is from whoever made the link, and only
// the way on which the link came can tell who that is.
enum class SenderIs : std::uint8_t { proved, outsider, said };

SenderIs sender_is(const parcel::SignedManifest& manifest, SenderIs proof) {
  return manifest.manifest.sender_address.empty() ? SenderIs::outsider : proof;
}

std::string sender_text(const parcel::SignedManifest& manifest, SenderIs proof,
                        base::Language language) {
  const std::string address = client::printable_name(manifest.manifest.sender_address);
  switch (sender_is(manifest, proof)) {
    case SenderIs::proved:
      return phrase(language, "from {sender}", address);
    case SenderIs::outsider:
      return phrase(language, "from an outsider, for a file request");
    case SenderIs::said:
      break;
  }
  return phrase(language, "says it is from {sender} (a link proves nobody's name)", address);
}

std::string_view name_of(SenderIs sender) {
  constexpr std::string_view kNames[] = {"proved", "outsider", "said"};
  return kNames[static_cast<std::size_t>(sender)];
}

json entry_json(const parcel::ManifestEntry& item) {
  return {{"path", item.entry.path.text()},
          {"kind", item.entry.kind == parcel::EntryKind::folder ? "folder" : "file"},
          {"size", item.entry.size_bytes},
          {"hash", base::hex_encode(item.content_hash)}};
}

base::UnixTime time_of(std::int64_t unix_ms) {
  return base::UnixTime(std::chrono::milliseconds(unix_ms));
}

void add_conflicts(const client::ReceiveSummary& summary, json& out) {
  json conflicts = json::array();
  for (const client::Conflict& each : summary.conflicts) {
    constexpr std::string_view kDid[] = {"renamed", "skipped", "failed"};
    json one = {{"path", each.path}, {"did", kDid[static_cast<std::size_t>(each.end)]}};
    if (!each.name.empty()) one["name"] = each.name;
    conflicts.push_back(std::move(one));
  }
  out["conflicts"] = std::move(conflicts);
  out["left_out"] = summary.left_out;
}

void print_json(const api::ParcelId& parcel, const client::ReceivedParcel& received,
                SenderIs proof) {
  const parcel::Manifest& manifest = received.manifest.manifest;
  json entries = json::array();
  for (const auto& item : manifest.entries) entries.push_back(entry_json(item));
  json out = {{"parcel", parcel.text()},
              {"sender", manifest.sender_address},
              {"signing_key", base::hex_encode(received.manifest.signed_by)},
              {"sender_is", name_of(sender_is(received.manifest, proof))},
              {"named", !received.added},
              {"note", manifest.note},
              {"entries", std::move(entries)},
              {"received", received.summary.received},
              {"there_already", received.summary.there_already},
              {"fetched_bytes", received.summary.fetched_bytes},
              {"new_opening", received.is_new_opening}};
  add_conflicts(received.summary, out);
  const parcel::ManifestPolicy& policy = manifest.policy;
  if (policy.expires_unix_ms != 0) out["expires"] = time_text(time_of(policy.expires_unix_ms));
  if (policy.opens_max != 0) out["opens_max"] = policy.opens_max;
  if (received.receipt) out["receipt"] = received.receipt->text();
  if (received.added) out["added_by"] = received.added->addendum.by;
  std::cout << out.dump() << "\n";
}

void print_text(const client::ReceivedParcel& received, client::ReceiveWish wish, SenderIs proof,
                base::Language language) {
  const parcel::Manifest& manifest = received.manifest.manifest;
  std::cout << sender_text(received.manifest, proof, language) << "\n";
  if (received.added)
    std::cout << phrase(language, "added for you by {who} on {time}",
                        client::printable_name(received.added->addendum.by),
                        time_of(received.added->addendum.created_unix_ms))
              << "\n";
  if (!manifest.note.empty())
    std::cout << phrase(language, "note: {note}", client::printable_name(manifest.note)) << "\n";
  if (manifest.policy.expires_unix_ms != 0)
    std::cout << phrase(language, "until {time}", time_of(manifest.policy.expires_unix_ms)) << "\n";
  if (wish == client::ReceiveWish::sealed) return;
  if (wish == client::ReceiveWish::list) {
    for (const auto& item : manifest.entries)
      std::cout << "  " << client::printable_name(item.entry.path.text())
                << (item.entry.kind == parcel::EntryKind::folder
                        ? "/"
                        : phrase(language, "   {size_bytes}", item.entry.size_bytes))
                << "\n";
    return;
  }
  std::cout << phrase(language, "received {count} {count:entry|entries}",
                      received.summary.received);
  if (received.summary.there_already > 0)
    std::cout << phrase(language, "; {count} {count:was|were} there already",
                        received.summary.there_already);
  if (received.summary.received == 0 && !received.is_new_opening)
    std::cout << phrase(language, "; this used no opening");
  if (received.summary.left_out > 0)
    std::cout << phrase(language, "; {count} {count:was|were} left out", received.summary.left_out);
  std::cout << "\n";
  print_conflicts(received.summary, language);
}

// Clocks of servers and senders differ by minutes; a lie that matters, by more. This machine's own
// may be a day wrong.
constexpr std::chrono::hours kClockTolerance{1};
constexpr std::chrono::hours kOwnClockTolerance{24};

// The terms that the sender signed count, whatever the server says.
void warn_of_terms(const parcel::ManifestPolicy& policy, const Environment& environment,
                   std::optional<base::UnixTime> said) {
  if (policy.expires_unix_ms == 0) return;
  const base::UnixTime expires = time_of(policy.expires_unix_ms);
  if (said && *said > expires + kClockTolerance)
    std::cerr << phrase(environment.language,
                        "sealift: warning: the server says that it can be opened until {said}; the "
                        "sender signed {signed}",
                        *said, expires)
              << "\n";
  if (environment.clock.now() > expires + kOwnClockTolerance)
    std::cerr << phrase(environment.language,
                        "sealift: warning: the sender allowed opening it only until {time}",
                        expires)
              << "\n";
}

Outcome keep_receipt_of(const Environment& environment, const Arguments& arguments,
                        client::HttpClient& http, const std::string& server_url,
                        const api::ParcelId& parcel, const client::ReceivedParcel& received) {
  if (!received.receipt) {
    if (!arguments.has("receipt")) return {};
    return tl::unexpected(
        Failure({ErrorCode::not_found, "no receipt was sent, so none was written"},
                "a receipt is made once, when the whole parcel has been received"));
  }
  return keep_receipt(environment, arguments, api::Api(http, received.proof_right), server_url,
                      {.event = *received.receipt,
                       .kind = "parcel_received",
                       .facts = {{"parcel", parcel.text()},
                                 {"opening", received.opening.text()},
                                 {"receipt", base::hex_encode(received.receipt_hash)}}});
}

// What a parcel is opened at and with, whether by account or by link.
struct Doors {
  client::HttpClient& http;
  client::ParcelKey& key;
  std::string server_url;
  SenderIs proof;
  // Whether the sender is who the manifest says, and so of whoever added us.
  std::function<Result<void>(const client::ManifestToJudge&)> judge;
  // What happened before, as far as it can be told; of an account.
  std::function<void(const client::ReceivedParcel&)> remember{};
  std::optional<base::UnixTime> expires{};  // as the server says it; known once judged
};

// What can't be written to is found before the opening counts.
Outcome judge_output(const client::ReceiveOrder& order) {
  if (order.wish == client::ReceiveWish::list) return {};
  namespace fs = std::filesystem;
  const fs::path path = fs::absolute(order.output).lexically_normal();
  std::error_code error;
  if (auto above = need_folder_above(order.output); !above) return above;
  const bool is_there = fs::exists(path, error);
  if (order.wish == client::ReceiveWish::sealed && is_there)
    return tl::unexpected(
        Failure({ErrorCode::conflict, order.output + " is there already"}, "take another name"));
  if (order.wish == client::ReceiveWish::files && is_there && !fs::is_directory(path, error))
    return tl::unexpected(
        Failure({ErrorCode::conflict, order.output + " is not a folder"}, "take another name"));
  return {};
}

// Everything that does not depend on whether an account or a link opens.
Outcome receive(const Environment& environment, const Arguments& arguments, Doors& doors,
                const api::ParcelId& parcel) {
  client::ReceiveOrder order{.parcel = parcel,
                             .output = arguments.value("output").value_or(""),
                             .only = arguments.values("only")};
  auto decide = conflict_decision(arguments, environment.language);
  if (!decide) return tl::unexpected(std::move(decide).error());
  order.decide = *std::move(decide);
  if (arguments.has("ignore-free-space")) order.room = client::Room::hoped_for;
  if (arguments.has("list")) order.wish = client::ReceiveWish::list;
  if (const auto file = arguments.value("sealed")) {
    order.wish = client::ReceiveWish::sealed;
    order.output = *file;
  }
  if (auto judged = judge_output(order); !judged) return judged;
  age::Pipeline pipeline(environment.cpu_count);
  std::unique_ptr<Progress> progress;
  auto received = client::receive_parcel(
      order, doors.key,
      {.http = doors.http,
       .pipeline = pipeline,
       .clock = environment.clock,
       .workers = environment.cpu_count,
       .folder = openings_folder(environment),
       .judge = doors.judge,
       .patience = patience(),
       .begin =
           [&](std::uint64_t bytes) {
             progress = std::make_unique<Progress>(environment, "receiving", bytes);
           },
       .progress = [&](std::uint64_t done) { progress->show(done); }});
  progress.reset();
  if (!received) {
    base::Error error = std::move(received).error();
    return tl::unexpected(order.only.empty() ? parcel_failure(std::move(error))
                                             : call_failure(std::move(error)));
  }
  warn_of_terms(received->manifest.manifest.policy, environment, doors.expires);
  if (arguments.has("json")) {
    print_json(parcel, *received, doors.proof);
  } else {
    print_text(*received, order.wish, doors.proof, environment.language);
  }
  if (doors.remember) doors.remember(*received);
  if (auto judged = judge_conflicts(received->summary); !judged) return judged;
  return keep_receipt_of(environment, arguments, doors.http, doors.server_url, parcel, *received);
}

// Whether the directory, as far as this client believes it, says that `key` is of `address`, and
// that this is the account that the server says the parcel is of.
Result<void> judge_signer(ServerSession& session, const client::SignedParcel& parcel,
                          const std::string& address, const crypto::Ed25519Public& key,
                          client::Signature what) {
  const auto parsed = parcel::Address::parse(address);
  if (!parsed) return base::fail(ErrorCode::damaged, "the parcel does not say who sent it");
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::FoundKeys found, finder.find(*parsed, client::KeyUse::verify));
  client::LogWatch watch(session.api(), session.pins().log);
  auto judged = client::judge_signer(session.api(), watch, found, key, what, parcel);
  SEALIFT_TRY_VOID(session.save_pins());
  return judged;
}

// What was handed in to us is signed with a key that only our request's link leads to; of what
// somebody else passed on, it is their word that they added us.
Result<void> judge_hand_in(ServerSession& session, const client::AccountKeys& own,
                           const client::SignedParcel& parcel,
                           const client::ManifestToJudge& opened) {
  const api::Parcel& about = parcel.about;
  if (!about.request) return base::fail(ErrorCode::damaged, "the parcel does not say who sent it");
  if (about.sender != session.login().account) {
    if (opened.added == nullptr)
      return base::fail(ErrorCode::damaged, "the parcel does not say who passed it on");
    return judge_signer(session, parcel, opened.added->addendum.by, opened.added->signed_by,
                        client::Signature::of_addendum);
  }
  const auto signers = client::hand_in_signers(own, *about.request);
  if (std::ranges::count(signers, opened.manifest.signed_by) == 0)
    return base::fail(ErrorCode::damaged,
                      "the parcel was not handed in for the request that the server names");
  return {};
}

Result<void> judge_sender(ServerSession& session, const client::AccountKeys& own,
                          const api::ParcelId& id, const client::ManifestToJudge& opened,
                          std::optional<base::UnixTime>& expires) {
  SEALIFT_TRY(const api::Parcel about, session.api().call(api::kParcelRead, {}, id));
  if (about.id != id) return base::fail(ErrorCode::damaged, "the server tells of another parcel");
  expires = about.expires;
  const client::SignedParcel parcel{about, opened.sealed_hash, session.login().account};
  const std::string& address = opened.manifest.manifest.sender_address;
  if (address.empty()) return judge_hand_in(session, own, parcel, opened);
  SEALIFT_TRY_VOID(judge_signer(session, parcel, address, opened.manifest.signed_by,
                                client::Signature::of_manifest));
  if (opened.added == nullptr) return {};
  if (opened.added->addendum.by != address)
    return base::fail(ErrorCode::damaged, "somebody other than the sender added you");
  return judge_signer(session, parcel, address, opened.added->signed_by,
                      client::Signature::of_addendum);
}

// The sender's client named the parcel before this one: it came, or the server says what became of
// it, or it is held back.
void remember(const Environment& environment, const ServerSession& session,
              const api::ParcelId& parcel, const client::ReceivedParcel& received) {
  const client::Correspondence correspondence(correspondence_folder(environment));
  if (received.receipt) {
    if (const auto saved = correspondence.save_received(parcel); !saved)
      std::cerr << phrase(environment.language, "sealift: warning: {why}",
                          recognised(environment.language, saved.error().text))
                << "\n";
  }
  if (!received.previous || correspondence.has_received(*received.previous)) return;
  const auto before = session.api().call(api::kParcelRead, {}, *received.previous);
  if (before && before->state == api::ParcelState::whole) return;
  const std::string sender = client::printable_name(received.manifest.manifest.sender_address);
  const base::Language language = environment.language;
  std::cerr << (before ? phrase(language,
                                "sealift: warning: the parcel that {sender} sent you before this "
                                "one, {parcel}, was not received here, and the server says that it "
                                "is {state}",
                                sender, received.previous->text(),
                                looked_up(language, api::name_of(before->state)))
                       : phrase(language,
                                "sealift: warning: the parcel that {sender} sent you before this "
                                "one, {parcel}, was not received here, and the server says that it "
                                "doesn't exist",
                                sender, received.previous->text()))
            << "\n"
            << phrase(language,
                      "sealift: hint: ask {sender} whether that is so: a server that holds parcels "
                      "back would say the same",
                      sender)
            << "\n";
}

// The server counts openings; only this machine knows that the files came already.
void warn_of_another_opening(const Environment& environment, const api::ParcelId& parcel) {
  if (!client::Correspondence(correspondence_folder(environment)).has_received(parcel)) return;
  std::cerr << phrase(environment.language,
                      "sealift: this parcel was received here before; receiving it again counts as "
                      "another opening")
            << "\n";
}

Outcome receive_by_account(const Environment& environment, const Arguments& arguments,
                           const std::string& text) {
  const auto parcel = parse_parcel(text);
  if (!parcel) return tl::unexpected(parcel.error());
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  auto keys = or_failure(session->keys());
  if (!keys) return tl::unexpected(std::move(keys).error());
  AccountKey key(session->api(), *parcel, *std::move(keys),
                 [&] { warn_of_another_opening(environment, *parcel); });
  Doors doors{.http = session->api().http(),
              .key = key,
              .server_url = session->login().server.text(),
              .proof = SenderIs::proved,
              .judge = {}};
  doors.judge = [&](const client::ManifestToJudge& opened) {
    return judge_sender(*session, key.keys(), *parcel, opened, doors.expires);
  };
  doors.remember = [&](const client::ReceivedParcel& received) {
    remember(environment, *session, *parcel, received);
  };
  return receive(environment, arguments, doors, *parcel);
}

// Nobody but the holder of the link's secret could have sealed to it, so the manifest is of whoever
// made the link; that it names itself rightly, only the way on which the link came can tell.
Outcome receive_by_link(const Environment& environment, const Arguments& arguments,
                        const std::string& text) {
  const auto link = parcel::Link::parse(text);
  if (!link)
    return tl::unexpected(Failure(
        link.error(), parcel::RequestLink::parse(text) ? "`sealift hand-in` takes this one" : ""));
  auto http = connect_as_visitor(environment, link->server_url, arguments);
  if (!http) return tl::unexpected(std::move(http).error());
  LinkKey key(*http, *link, environment);
  if (auto looked = or_failure(key.look()); !looked) return looked;
  api::ParcelId parcel;
  parcel.bytes = link->parcel_id;
  Doors doors{.http = *http,
              .key = key,
              .server_url = link->server_url,
              .proof = SenderIs::said,
              .judge = [](const client::ManifestToJudge&) { return Result<void>(); }};
  return receive(environment, arguments, doors, parcel);
}

}  // namespace

Outcome run_receive(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() != 1) return fail_usage("receive takes one parcel or link");
  const int wishes =
      int{arguments->has("output")} + int{arguments->has("list")} + int{arguments->has("sealed")};
  if (wishes != 1) return fail_usage("receive needs one of -o DIR, --list and --sealed FILE");
  if (auto judged = judge_receipt_path(*arguments); !judged) return judged;
  const auto what = given_link(arguments->operands()[0], environment.language);
  if (!what) return tl::unexpected(what.error());
  return what->find('#') == what->npos ? receive_by_account(environment, *arguments, *what)
                                       : receive_by_link(environment, *arguments, *what);
}

}  // namespace sealift::cli
