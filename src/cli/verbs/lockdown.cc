#include "cli/verbs/lockdown.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;
namespace api = client::api;

constexpr std::string_view kParts[] = {"on", "off", "status"};
constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};

Outcome print(const api::Lockdown& lockdown, const Arguments& arguments, base::Language language) {
  if (arguments.has("json")) {
    json out = {{"locked", lockdown.is_locked}};
    if (lockdown.locked) out["since"] = time_text(*lockdown.locked);
    if (lockdown.locked_by) out["by"] = lockdown.locked_by->text();
    if (lockdown.approvals) out["approvals"] = *lockdown.approvals;
    if (lockdown.approvals_needed) out["approvals_needed"] = *lockdown.approvals_needed;
    std::cout << out.dump() << "\n";
    return {};
  }
  if (!lockdown.is_locked) {
    std::cout << phrase(language, "open") << "\n";
    return {};
  }
  std::cout << (lockdown.locked ? phrase(language, "locked down since {time}", *lockdown.locked)
                                : phrase(language, "locked down"))
            << "\n";
  const auto approvals = lockdown.approvals.value_or(0);
  std::cout << (lockdown.approvals_needed
                    ? phrase(language, "approvals of reopening: {count} of {needed}", approvals,
                             *lockdown.approvals_needed)
                    : phrase(language, "approvals of reopening: {count}", approvals))
            << "\n";
  return {};
}

// What would make reopening hard is said while there is still somebody who can change it.
void warn(const ServerSession& session, const api::Lockdown& locked, base::Language language) {
  const auto server = session.api().call(api::kServerDescribe);
  const bool has_keys = server && server->reopen_keys && !server->reopen_keys->empty();
  const bool is_alone = locked.approvals_needed == 1;
  if (is_alone && has_keys) {
    std::cerr << phrase(
        language,
        "sealift: you are the only administrator: only you can reopen the server, or somebody\n"
        "sealift: at its machine with a reopen key (`sealift admin reopen`)\n");
  }
  if (!server || has_keys) return;
  if (is_alone)
    std::cerr << phrase(language, "sealift: warning: you are the only administrator") << "\n";
  std::cerr << phrase(
      language,
      "sealift: warning: this server has no reopen keys: if no administrator can log in,\n"
      "sealift: nobody can reopen it. Once it is open, make them: `sealift admin --data DIR "
      "reopen-keys`\n");
}

Outcome lock(const ServerSession& session, const Arguments& arguments, base::Language language) {
  const auto locked = or_failure(session.api().call(api::kLockdownLock));
  if (!locked && locked.error().error.code == ErrorCode::unauthorized) {
    // Locking ends this login too: its answer may have been lost.
    const auto server = session.api().call(api::kServerDescribe);
    if (server && server->lockdown.value_or(false))
      return print({.is_locked = true}, arguments, language);
  }
  if (!locked) return tl::unexpected(locked.error());
  warn(session, *locked, language);
  return print(*locked, arguments, language);
}

// Approves, and reopens when that was the last approval needed.
Outcome reopen(const ServerSession& session, const Arguments& arguments, base::Language language) {
  const auto before = or_failure(session.api().call(api::kLockdownRead));
  if (!before) return tl::unexpected(before.error());
  if (!before->is_locked || !before->id) return print(*before, arguments, language);
  const auto approved = session.api().call(api::kLockdownApproveReopening, {*before->id});
  // Who has approved already may ask again whether it is enough now.
  if (!approved && approved.error().code != ErrorCode::conflict)
    return tl::unexpected(call_failure(approved.error()));
  const auto reopened = session.api().call(api::kLockdownReopen, {*before->id});
  if (!reopened && reopened.error().code != ErrorCode::conflict)
    return tl::unexpected(call_failure(reopened.error()));
  const auto after = or_failure(session.api().call(api::kLockdownRead));
  if (!after) return tl::unexpected(after.error());
  if (auto printed = print(*after, arguments, language); !printed || !after->is_locked)
    return printed;
  std::cerr << phrase(language, "sealift: another administrator has to run `sealift lockdown off`")
            << "\n";
  return {};
}

}  // namespace

Outcome run_lockdown(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const std::string what = arguments->operands().size() == 1 ? arguments->operands()[0] : "";
  if (what != "on" && what != "off" && what != "status")
    return fail_usage("lockdown takes on, off or status", did_you_mean(what, kParts));
  const auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  if (what == "on") return lock(*session, *arguments, environment.language);
  if (what == "off") return reopen(*session, *arguments, environment.language);
  const auto now = or_failure(session->api().call(api::kLockdownRead));
  if (!now) return tl::unexpected(now.error());
  return print(*now, *arguments, environment.language);
}

}  // namespace sealift::cli
