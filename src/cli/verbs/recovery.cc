#include "cli/verbs/recovery.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "age/keys/recipient.h"
#include "base/atomic_file.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/password.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/terminal.h"
#include "cli/time_text.h"
#include "client/account/officers.h"
#include "client/account/recovery_shares.h"
#include "crypto/random.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

// As the help says, where a server of 0.1.0 doesn't say it.
constexpr std::uint64_t kApprovalsNeeded = 2;

constexpr Option kOptions[] = {{'o', "output", Takes::value},
                               {'\0', "json", Takes::nothing},
                               {'\0', "to", Takes::value},
                               {'\0', "key", Takes::value}};

Result<parcel::Address> address_of(const std::string& text) {
  auto address = parcel::Address::parse(text);
  if (!address) return base::fail(ErrorCode::usage, text + " is not a mail address");
  return *std::move(address);
}

Result<api::RecoveryId> id_of(const std::string& text) {
  const auto id = api::RecoveryId::parse(text);
  if (!id)
    return base::fail(ErrorCode::usage,
                      text + " is not a recovery's id: `sealift recovery list` lists them");
  return *id;
}

// Of the person's new machine; without it, this officer's own.
Result<std::string> recipient_of(const ServerSession& session, const Arguments& arguments) {
  const auto named = arguments.value("to");
  if (!named) {
    SEALIFT_TRY(const client::AccountKeys own, session.keys());
    return own.recipient();
  }
  const auto recipient = age::Recipient::parse(*named);
  if (!recipient) return base::fail(ErrorCode::usage, "--to takes a public key (age1...)");
  return recipient->text();
}

Result<void> ask(ServerSession& session, const Arguments& arguments, const std::string& text,
                 base::Language language) {
  SEALIFT_TRY(const parcel::Address address, address_of(text));
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::FoundKeys found, finder.find(address));
  SEALIFT_TRY_VOID(session.save_pins());
  SEALIFT_TRY(const std::string recipient, recipient_of(session, arguments));
  SEALIFT_TRY(const api::Recovery recovery,
              session.act(api::kRecoveryAsk, {.account = found.account, .recipient = recipient}));
  if (arguments.has("json")) {
    std::cout << json{{"recovery", recovery.id.text()},
                      {"not_before", time_text(recovery.not_before)},
                      {"key", client::fingerprint_text(recipient)}}
                     .dump()
              << "\n";
    return {};
  }
  std::cout << recovery.id.text() << "\n";
  std::cerr << phrase(language, "sealift: not before {time}", recovery.not_before) << "\n"
            << phrase(language, "sealift: the shares are for the key {key}",
                      client::fingerprint_text(recipient))
            << "\n";
  return {};
}

Result<void> list(const ServerSession& session, const Arguments& arguments,
                  base::Language language) {
  SEALIFT_TRY(const api::Recoveries all, session.api().call(api::kRecoveryList));
  if (all.recoveries.empty())
    say_none(arguments, phrase(language, "sealift: no recovery is under way"));
  json out = json::array();
  for (const api::Recovery& each : all.recoveries) {
    out.push_back({{"recovery", each.id.text()},
                   {"account", each.account.text()},
                   {"asked_by", each.asked_by.text()},
                   {"approvals", each.approvals},
                   {"not_before", time_text(each.not_before)}});
    if (each.recipient) out.back()["key"] = client::fingerprint_text(*each.recipient);
    if (arguments.has("json")) continue;
    std::cout << phrase(language,
                        "{recovery}  not before {time}  {count} {count:approval|approvals}  "
                        "account {account}",
                        each.id.text(), each.not_before, each.approvals, each.account.text())
              << "\n";
  }
  if (arguments.has("json")) std::cout << json{{"recoveries", std::move(out)}}.dump() << "\n";
  return {};
}

Result<api::Recovery> find_waiting(const ServerSession& session, const api::RecoveryId& id) {
  SEALIFT_TRY(const api::Recoveries all, session.api().call(api::kRecoveryList));
  const auto found = std::ranges::find(all.recoveries, id, &api::Recovery::id);
  if (found == all.recoveries.end())
    return base::fail(ErrorCode::not_found,
                      "no such recovery is waiting: `sealift recovery list` lists those that are");
  return *found;
}

Result<bool> is_key_named(const Arguments& arguments, const std::string& recipient) {
  const auto named = arguments.value("key");
  if (!named) return false;
  const auto fingerprint = client::parse_fingerprint(*named);
  if (!fingerprint) return base::fail(ErrorCode::usage, "--key takes a fingerprint");
  if (client::are_named({recipient}, {*fingerprint})) return true;
  return base::fail(ErrorCode::damaged,
                    "the recovery is for another key: " + client::fingerprint_text(recipient));
}

Result<bool> is_owner_named(const Arguments& arguments, const parcel::Address& owner) {
  if (arguments.operands().size() < 3) return false;
  SEALIFT_TRY(const parcel::Address named, address_of(arguments.operands()[2]));
  if (named == owner) return true;
  return base::fail(ErrorCode::damaged, "the recovery is of the keys of " + owner.text());
}

// Whose keys go to whom. The server could have exchanged either: people name both, or compare.
Result<void> confirm_key(const Environment& environment, const Arguments& arguments,
                         const parcel::Address& owner, const std::string& recipient,
                         const std::string& own) {
  SEALIFT_TRY(const bool is_owner, is_owner_named(arguments, owner));
  SEALIFT_TRY(const bool is_key, is_key_named(arguments, recipient));
  std::cerr << phrase(environment.language,
                      "sealift: a share of the keys of {address} goes to the key {key}",
                      owner.text(), client::fingerprint_text(recipient))
            << "\n";
  if (is_owner && (is_key || recipient == own)) return {};
  if (!has_terminal(environment))
    return base::fail(ErrorCode::usage,
                      "nobody can confirm whose keys go to whom: name the address behind the "
                      "recovery, and with --key the key where it isn't this officer's");
  SEALIFT_TRY(const bool is_right,
              confirm(phrase(environment.language,
                             "Is that the right person, and the right key? Type yes: ")));
  if (!is_right)
    return base::fail(ErrorCode::usage, "the recovery was not confirmed: the answer was not yes");
  return {};
}

// This officer's share, sealed to the recovery's key instead: its owner dealt it, and is the one
// whose recovery this is.
Result<void> give_share(const Environment& environment, ServerSession& session,
                        const Arguments& arguments, const api::Recovery& recovery) {
  if (!recovery.share || !recovery.recipient)
    return base::fail(ErrorCode::not_found, "the account's owner dealt no share to this officer");
  SEALIFT_TRY(const client::AccountKeys own, session.keys());
  SEALIFT_TRY(const auto identities, own.identities());
  SEALIFT_TRY(const auto share, client::OpenedShare::open(recovery.share->bytes, identities));
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::FoundKeys found, finder.find(share.address(), client::KeyUse::verify));
  SEALIFT_TRY_VOID(session.save_pins());
  if (found.account != recovery.account)
    return base::fail(ErrorCode::damaged, "the recovery is of another account than the share");
  client::ShareOwner owner{recovery.account.bytes, {}};
  for (const api::Key& key : found.keys) owner.signing_keys.push_back(key.signing_key);
  SEALIFT_TRY(const age::Recipient to, age::Recipient::parse(*recovery.recipient));
  SEALIFT_TRY(const std::string own_recipient, own.recipient());
  SEALIFT_TRY_VOID(confirm_key(environment, arguments, share.address(), to.text(), own_recipient));
  crypto::SystemRandom random;
  SEALIFT_TRY(base::Bytes sealed, client::reseal_share(share, owner, to, random));
  SEALIFT_TRY_VOID(session.act(api::kRecoveryGiveShare, {{std::move(sealed)}}, recovery.id));
  return {};
}

Result<void> approve(const Environment& environment, ServerSession& session,
                     const Arguments& arguments, const std::string& text) {
  const base::Language language = environment.language;
  SEALIFT_TRY(const api::RecoveryId id, id_of(text));
  SEALIFT_TRY(const api::Recovery recovery, find_waiting(session, id));
  if (recovery.in_shares.value_or(false)) {
    SEALIFT_TRY_VOID(give_share(environment, session, arguments, recovery));
  } else {
    SEALIFT_TRY_VOID(session.act(api::kRecoveryApprove, {}, id));
  }
  SEALIFT_TRY(const api::Recoveries all, session.api().call(api::kRecoveryList));
  const auto now = std::ranges::find(all.recoveries, id, &api::Recovery::id);
  if (now == all.recoveries.end()) {  // somebody released or cancelled it meanwhile
    say_done(arguments, {{"approved", id.text()}},
             phrase(language, "approved the recovery {recovery}", id.text()));
    return {};
  }
  const std::uint64_t needed = now->approvals_needed.value_or(kApprovalsNeeded);
  say_done(arguments, {{"approved", id.text()}, {"approvals", now->approvals}, {"needed", needed}},
           phrase(language, "approved the recovery {recovery}: {count} of {needed} approvals",
                  id.text(), now->approvals, needed));
  return {};
}

// Of a slot in shares, or of one that a client of 0.1.0 sealed to each officer.
Result<client::Recovered> opened(const api::Released& released, const client::AccountKeys& officer,
                                 const parcel::Address& address) {
  SEALIFT_TRY(const auto identities, officer.identities());
  if (!released.half) {
    auto keys = client::open_slot(released.slot.file.bytes, identities.front(), address);
    for (std::size_t i = 1; i < identities.size() && !keys; ++i)
      if (keys.error().code == ErrorCode::no_match)
        keys = client::open_slot(released.slot.file.bytes, identities[i], address);
    return std::move(keys).map(
        [](client::AccountKeys found) { return client::Recovered{std::move(found)}; });
  }
  std::vector<base::Bytes> shares;
  for (const api::Base64& each : released.shares.value_or(std::vector<api::Base64>()))
    shares.push_back(each.bytes);
  return client::recover_keys(released.slot.file.bytes, *released.half, shares, identities,
                              address);
}

Result<void> write_out(base::AtomicFile output, base::ByteView bytes) {
  SEALIFT_TRY_VOID(base::write_full(output.fd(), bytes));
  return output.commit(base::Replace::no, base::Durability::synced);
}

// It is given out once: what can't be opened here is better sealed in the officer's hands than
// lost. It has to hold that person's keys.
Result<void> release(ServerSession& session, const Arguments& arguments, base::Language language) {
  SEALIFT_TRY(const api::RecoveryId id, id_of(arguments.operands()[1]));
  SEALIFT_TRY(const parcel::Address address, address_of(arguments.operands()[2]));
  const auto path = arguments.value("output");
  if (!path) return base::fail(ErrorCode::usage, "release needs -o FILE");
  SEALIFT_TRY(const client::AccountKeys own, session.keys());
  SEALIFT_TRY(const std::string own_recipient, own.recipient());
  const auto waiting = find_waiting(session, id);
  constexpr unsigned kMode = 0600;
  SEALIFT_TRY(base::AtomicFile output, base::AtomicFile::create(*path, kMode));
  SEALIFT_TRY(const api::Released released, session.act(api::kRecoveryRelease, {}, id));
  auto recovered = opened(released, own, address);
  if (!recovered) {
    SEALIFT_TRY_VOID(write_out(std::move(output), base::bytes_of(api::encode(released))));
    const bool is_for_another = waiting && waiting->recipient.value_or("") != own_recipient;
    if (!released.half || !is_for_another)
      return tl::unexpected(
          std::move(recovered).error().with_context("what was given out was written, sealed"));
    say_done(arguments, {{"released", id.text()}, {"address", address.text()}, {"sealed", true}},
             phrase(language, "wrote {path}: sealed, for the person whose key the shares are for",
                    *path));
    return {};
  }
  // Made by the server, shares, half and slot would fit together, too.
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::FoundKeys found, finder.find(address, client::KeyUse::verify));
  SEALIFT_TRY_VOID(session.save_pins());
  const crypto::Ed25519Public signing = recovered->keys.signing.public_key();
  if (std::ranges::find(found.keys, signing, &api::Key::signing_key) == found.keys.end())
    return base::fail(
        ErrorCode::damaged,
        "what was given out holds keys that the directory doesn't have for " + address.text());
  if (recovered->wrong_shares > 0)
    std::cerr << phrase(language,
                        "sealift: warning: {count} of the shares were not those that the owner "
                        "dealt",
                        recovered->wrong_shares)
              << "\n";
  SEALIFT_TRY(const crypto::SecretBuffer file, recovered->keys.keys_file());
  SEALIFT_TRY_VOID(write_out(std::move(output), file.view()));
  say_done(arguments, {{"released", id.text()}, {"address", address.text()}},
           phrase(language, "wrote the keys of {address} to {path}", address.text(), *path));
  return {};
}

// The one that waits for this account. A server of 0.1.0 tells it in the account's record alone.
Result<api::RecoveryId> newest_of_own(const ServerSession& session) {
  const auto own = session.api().call(api::kRecoveryReadOwn);
  if (own && own->waiting) return own->waiting->id;
  if (own) return base::fail(ErrorCode::not_found, "no recovery of this account is waiting");
  SEALIFT_TRY(const api::CustodyEvents record,
              session.api().call(api::kCustodyList, {}, std::nullopt));
  for (const api::CustodyEvent& event : record.events) {
    if (event.kind != "recovery_asked" || !event.statement) continue;
    const json statement =
        json::parse(base::text_of(event.statement->bytes), nullptr, /*allow_exceptions=*/false);
    if (statement.is_object() && statement.contains("recovery") &&
        statement["recovery"].is_string()) {
      return id_of(statement["recovery"].get<std::string>());
    }
  }
  return base::fail(ErrorCode::not_found, "no recovery of this account was requested recently");
}

Result<void> cancel(ServerSession& session, const Arguments& arguments, base::Language language) {
  const std::vector<std::string>& words = arguments.operands();
  SEALIFT_TRY(const api::RecoveryId id,
              words.size() == 2 ? id_of(words[1]) : newest_of_own(session));
  SEALIFT_TRY_VOID(session.act(api::kRecoveryCancel, {}, id));
  say_done(arguments, {{"cancelled", id.text()}},
           phrase(language, "cancelled the recovery {recovery}", id.text()));
  return {};
}

Result<void> act(const Environment& environment, ServerSession& session,
                 const Arguments& arguments) {
  const base::Language language = environment.language;
  const std::vector<std::string>& words = arguments.operands();
  const std::string what = words.empty() ? "" : words[0];
  if (what == "ask" && words.size() == 2) return ask(session, arguments, words[1], language);
  if (what == "list" && words.size() == 1) return list(session, arguments, language);
  if (what == "approve" && (words.size() == 2 || words.size() == 3))
    return approve(environment, session, arguments, words[1]);
  if (what == "release" && words.size() == 3) return release(session, arguments, language);
  if (what == "cancel" && words.size() <= 2) return cancel(session, arguments, language);
  return base::fail(ErrorCode::usage, "recovery takes ask, list, approve, release or cancel");
}

}  // namespace

Outcome run_recovery(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  constexpr std::string_view kNames[] = {"ask", "list", "approve", "release", "cancel"};
  const std::string what = arguments->operands().empty() ? "" : arguments->operands()[0];
  if (std::ranges::find(kNames, what) == std::end(kNames)) {
    return fail_usage("recovery takes ask, list, approve, release or cancel",
                      did_you_mean(what, kNames));
  }
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  return or_failure(act(environment, *session, *arguments));
}

}  // namespace sealift::cli
