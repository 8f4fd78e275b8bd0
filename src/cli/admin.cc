#include "cli/admin.h"

#include <iostream>
#include <nlohmann/json.hpp>

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
    {'\0', "officer", Takes::nothing},
    {'\0', "json", Takes::nothing},
};

// A whole link where the server has said at which address it is, else its secret alone: clients
// take both.
std::string link_of(const std::string& url, const Invitation& invitation) {
  return url.empty() ? invitation.token.text : url + "/e#" + invitation.token.text;
}

Outcome invite(const Environment& environment, const Arguments& arguments) {
  const auto address = parcel::Address::parse(arguments.operands()[1]);
  if (!address) return fail_usage("this is no mail address");
  crypto::SystemRandom random;
  const auto host =
      Host::open(*arguments.value("data"), Host::Begin::yes, random, environment.clock);
  if (!host) return tl::unexpected(Failure(host.error()));
  const auto made = (*host)->invite(*address, {.administrator = arguments.has("admin"),
                                               .recovery_officer = arguments.has("officer")});
  if (!made) return tl::unexpected(Failure(made.error()));
  const std::string link = link_of((*host)->server_url(), *made);
  if (arguments.has("json")) {
    std::cout << nlohmann::json{{"link", link},
                                {"expires", made->expires.time_since_epoch().count()}}
                     .dump()
              << "\n";
  } else {
    std::cout << link << "\n";
  }
  return {};
}

}  // namespace

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments) {
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->has("data")) return fail_usage("--data DIR is missing");
  const auto& operands = parsed->operands();
  if (operands.size() != 2 || operands[0] != "invite") {
    return fail_usage("admin does `invite ADDRESS`");
  }
  return invite(environment, *parsed);
}

}  // namespace sealift::cli
