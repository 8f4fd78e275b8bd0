#include "admin/admin.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "admin/admin_backup.h"
#include "admin/admin_doctor.h"
#include "admin/admin_reopen.h"
#include "base/file_system.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/time_text.h"
#include "crypto/random.h"
#include "server/vault/host.h"

namespace sealift::cli {
namespace {

using server::vault::Host;
using server::vault::Invitation;

constexpr Option kOptions[] = {
    {'\0', "data", Takes::value},
    {'\0', "admin", Takes::nothing},
    {'\0', "recovery-officer", Takes::nothing},
    {'\0', "keys", Takes::value},
    {'\0', "keep", Takes::value},
    {'\0', "generation", Takes::value},
    {'\0', "verify", Takes::nothing},
    {'\0', "key-file", Takes::value},
    {'\0', "repair-what-is-safe", Takes::nothing},
    {'\0', "end-what-is-lost", Takes::nothing},
    {'\0', "config", Takes::value},
    {'\0', "json", Takes::nothing},
};

// A whole link where the server has said at which address it is, else its secret alone: clients
// take both.
std::string link_of(const std::string& url, const Invitation& invitation) {
  return url.empty() ? invitation.token.text : url + "/e#" + invitation.token.text;
}

Outcome invite(const Environment&, Host& host, const Arguments& arguments) {
  const auto address = parcel::Address::parse(arguments.operands()[1]);
  if (!address) return fail_usage("this isn't a mail address");
  const auto made = host.invite(*address, {.administrator = arguments.has("admin"),
                                           .recovery_officer = arguments.has("recovery-officer")});
  if (!made) return tl::unexpected(Failure(made.error()));
  const std::string link = link_of(host.last_start().server_url, *made);
  if (arguments.has("json")) {
    const auto expires = made->expires.time_since_epoch().count();
    std::cout << nlohmann::json{{"link", link}, {"expires", expires}}.dump() << "\n";
  } else {
    std::cout << link << "\n";
  }
  return {};
}

Outcome show_lockdown(Host& host, const Arguments& arguments) {
  const auto lockdown = host.lockdown();
  if (!lockdown) return tl::unexpected(Failure(lockdown.error()));
  if (arguments.has("json")) {
    std::cout << nlohmann::json{{"is_locked", lockdown->has_value()}}.dump() << "\n";
  } else {
    std::cout << (*lockdown ? "locked down" : "open") << "\n";
  }
  return {};
}

Outcome lock(const Environment&, Host& host, const Arguments& arguments) {
  const auto change = host.lock();
  if (!change) return tl::unexpected(Failure(change.error()));
  warn_of_reopening(host);
  return show_lockdown(host, arguments);
}

// `clock show`, `clock accept`
Outcome clock(const Environment&, Host& host, const Arguments& arguments) {
  const std::string& what = arguments.operands()[1];
  if (what != "show" && what != "accept") return fail_usage("clock takes show or accept");
  const auto held = host.held_clock();
  if (!held) return tl::unexpected(Failure(held.error()));
  if (what == "accept" && *held) {
    const auto change = host.accept_clock();
    if (!change) return tl::unexpected(Failure(change.error()));
  }
  const std::string shown = *held ? time_text(**held) : "";
  if (arguments.has("json")) {
    nlohmann::json out = {{"is_held", held->has_value() && what == "show"}};
    if (*held) out["shows"] = shown;
    std::cout << out.dump() << "\n";
  } else if (!*held) {
    std::cout << "the clock is not held\n";
  } else if (what == "show") {
    std::cout << "held: it jumped to " << shown << "; nothing expires because of that\n";
  } else {
    std::cout << "accepted: from now on it is " << shown << ", and what is due by then expires\n";
  }
  return {};
}

Outcome status(const Environment&, Host& host, const Arguments& arguments) {
  return show_lockdown(host, arguments);
}

// Inviting the first person may come before the server's first start; the others need one.
struct HostVerb {
  std::string_view name;
  std::size_t operands;  // after the name
  Host::Begin begin;
  Outcome (*run)(const Environment&, Host&, const Arguments&);
};
constexpr HostVerb kHostVerbs[] = {
    {"invite", 1, Host::Begin::yes, invite}, {"lock", 0, Host::Begin::no, lock},
    {"status", 0, Host::Begin::no, status},  {"reopen-keys", 0, Host::Begin::yes, make_reopen_keys},
    {"reopen", 0, Host::Begin::no, reopen},  {"state-restore", 0, Host::Begin::no, state_restore},
    {"clock", 1, Host::Begin::no, clock},    {"doctor", 0, Host::Begin::no, examine},
};

Outcome act(const Environment& environment, const Arguments& arguments) {
  const auto& operands = arguments.operands();
  const auto verb = std::ranges::find_if(kHostVerbs, [&](const HostVerb& each) {
    return operands.size() == each.operands + 1 && operands[0] == each.name;
  });
  if (verb == std::end(kHostVerbs)) {
    constexpr std::string_view kNames[] = {"invite",  "lock",          "status", "reopen-keys",
                                           "reopen",  "state-restore", "clock",  "backup",
                                           "restore", "fsck",          "doctor"};
    const std::string hint = operands.empty() ? "" : did_you_mean(operands[0], kNames);
    return fail_usage(
        "admin takes `invite ADDRESS`, `lock`, `status`, `reopen-keys`, `reopen`, `state-restore`, "
        "`clock show`, `clock accept`, `backup FOLDER`, `restore FOLDER`, `fsck`, `doctor`",
        hint);
  }
  crypto::SystemRandom random;
  const auto host = Host::open(*arguments.value("data"), verb->begin, random, environment.clock);
  if (!host) return tl::unexpected(Failure(host.error()));
  return verb->run(environment, **host, arguments);
}

}  // namespace

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments) {
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->has("data")) return fail_usage("--data DIR is missing");
  const auto& operands = parsed->operands();
  if (operands.size() == 2 && operands[0] == "backup") return back_up(environment, *parsed);
  if (operands.size() == 2 && operands[0] == "restore") return restore(environment, *parsed);
  if (operands.size() == 1 && operands[0] == "fsck") return check_folder(environment, *parsed);
  return act(environment, *parsed);
}

}  // namespace sealift::cli
