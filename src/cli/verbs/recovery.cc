#include "cli/verbs/recovery.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

// As the help says; the server's rule, which it keeps by itself.
constexpr std::uint64_t kApprovalsNeeded = 2;

constexpr Option kOptions[] = {{'o', "output", Takes::value}, {'\0', "json", Takes::nothing}};

Result<parcel::Address> address_of(const std::string& text) {
  auto address = parcel::Address::parse(text);
  if (!address) return base::fail(ErrorCode::usage, text + " is not a mail address");
  return *std::move(address);
}

Result<api::RecoveryId> id_of(const std::string& text) {
  const auto id = api::RecoveryId::parse(text);
  if (!id) return base::fail(ErrorCode::usage, text + " is not a recovery's id");
  return *id;
}

Result<void> ask(ServerSession& session, const Arguments& arguments, const std::string& text,
                 base::Language language) {
  SEALIFT_TRY(const parcel::Address address, address_of(text));
  client::KeyFinder finder(session.api(), session.pins(), wait_ms);
  SEALIFT_TRY(const client::FoundKeys found, finder.find(address));
  SEALIFT_TRY_VOID(session.save_pins());
  SEALIFT_TRY(const api::Recovery recovery, session.act(api::kRecoveryAsk, {found.account}));
  if (arguments.has("json")) {
    std::cout << json{{"recovery", recovery.id.text()},
                      {"not_before", time_text(recovery.not_before)}}
                     .dump()
              << "\n";
    return {};
  }
  std::cout << recovery.id.text() << "\n";
  std::cerr << phrase(language, "sealift: not before {time}", recovery.not_before) << "\n";
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

Result<void> approve(ServerSession& session, const Arguments& arguments, const std::string& text,
                     base::Language language) {
  SEALIFT_TRY(const api::RecoveryId id, id_of(text));
  SEALIFT_TRY_VOID(session.act(api::kRecoveryApprove, {}, id));
  SEALIFT_TRY(const api::Recoveries all, session.api().call(api::kRecoveryList));
  const auto now = std::ranges::find(all.recoveries, id, &api::Recovery::id);
  if (now == all.recoveries.end()) {  // somebody released or cancelled it meanwhile
    say_done(arguments, {{"approved", id.text()}},
             phrase(language, "approved the recovery {recovery}", id.text()));
    return {};
  }
  say_done(arguments,
           {{"approved", id.text()}, {"approvals", now->approvals}, {"needed", kApprovalsNeeded}},
           phrase(language, "approved the recovery {recovery}: {count} of {needed} approvals",
                  id.text(), now->approvals, kApprovalsNeeded));
  return {};
}

// The slot is sealed to the officers; what stands in it must be that person's keys.
Result<void> release(ServerSession& session, const Arguments& arguments, base::Language language) {
  SEALIFT_TRY(const api::RecoveryId id, id_of(arguments.operands()[1]));
  SEALIFT_TRY(const parcel::Address address, address_of(arguments.operands()[2]));
  const auto path = arguments.value("output");
  if (!path) return base::fail(ErrorCode::usage, "release needs -o FILE");
  SEALIFT_TRY(const client::AccountKeys own, session.keys());
  constexpr unsigned kMode = 0600;
  SEALIFT_TRY(base::AtomicFile output, base::AtomicFile::create(*path, kMode));
  SEALIFT_TRY(const api::Released released, session.act(api::kRecoveryRelease, {}, id));
  auto keys = client::open_slot(released.slot.file.bytes, own.identity, address);
  if (!keys) {
    // It is given out once: better sealed in the officer's hands than lost.
    SEALIFT_TRY_VOID(base::write_full(output.fd(), released.slot.file.bytes));
    SEALIFT_TRY_VOID(output.commit(base::Replace::no, base::Durability::synced));
    return tl::unexpected(
        std::move(keys).error().with_context("the slot was written as it is, sealed"));
  }
  SEALIFT_TRY(const crypto::SecretBuffer file, keys->keys_file());
  SEALIFT_TRY_VOID(base::write_full(output.fd(), file.view()));
  SEALIFT_TRY_VOID(output.commit(base::Replace::no, base::Durability::synced));
  say_done(arguments, {{"released", id.text()}, {"address", address.text()}},
           phrase(language, "wrote the keys of {address} to {path}", address.text(), *path));
  return {};
}

// Its owner finds it in their own record.
Result<api::RecoveryId> newest_of_own(const ServerSession& session) {
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

Result<void> act(ServerSession& session, const Arguments& arguments, base::Language language) {
  const std::vector<std::string>& words = arguments.operands();
  const std::string what = words.empty() ? "" : words[0];
  if (what == "ask" && words.size() == 2) return ask(session, arguments, words[1], language);
  if (what == "list" && words.size() == 1) return list(session, arguments, language);
  if (what == "approve" && words.size() == 2)
    return approve(session, arguments, words[1], language);
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
  return or_failure(act(*session, *arguments, environment.language));
}

}  // namespace sealift::cli
