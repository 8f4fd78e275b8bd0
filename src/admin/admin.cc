#include "admin/admin.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "admin/admin_backup.h"
#include "base/file_system.h"
#include "cli/arguments.h"
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
    {'\0', "json", Takes::nothing},
};

// A whole link where the server has said at which address it is, else its secret alone: clients
// take both.
std::string link_of(const std::string& url, const Invitation& invitation) {
  return url.empty() ? invitation.token.text : url + "/e#" + invitation.token.text;
}

Outcome invite(Host& host, const Arguments& arguments) {
  const auto address = parcel::Address::parse(arguments.operands()[1]);
  if (!address) return fail_usage("this is no mail address");
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

Outcome lock(Host& host, const Arguments& arguments) {
  const auto change = host.lock();
  if (!change) return tl::unexpected(Failure(change.error()));
  return show_lockdown(host, arguments);
}

// Inviting the first person may come before the server's first start; the others need one.
Outcome act(const Environment& environment, const Arguments& arguments) {
  const auto& operands = arguments.operands();
  const bool invites = operands.size() == 2 && operands[0] == "invite";
  const bool locks = operands.size() == 1 && operands[0] == "lock";
  const bool shows = operands.size() == 1 && operands[0] == "status";
  if (!invites && !locks && !shows) {
    return fail_usage(
        "admin does `invite ADDRESS`, `lock`, `status`, `backup FOLDER`, `restore FOLDER`");
  }
  crypto::SystemRandom random;
  const auto host =
      Host::open(*arguments.value("data"), invites ? Host::Begin::yes : Host::Begin::no, random,
                 environment.clock);
  if (!host) return tl::unexpected(Failure(host.error()));
  if (invites) return invite(**host, arguments);
  return locks ? lock(**host, arguments) : show_lockdown(**host, arguments);
}

}  // namespace

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments) {
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->has("data")) return fail_usage("--data DIR is missing");
  const auto& operands = parsed->operands();
  if (operands.size() == 2 && operands[0] == "backup") return back_up(environment, *parsed);
  if (operands.size() == 2 && operands[0] == "restore") return restore(environment, *parsed);
  return act(environment, *parsed);
}

}  // namespace sealift::cli
