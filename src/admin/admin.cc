#include "admin/admin.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "admin/admin_backup.h"
#include "admin/admin_certificate.h"
#include "admin/admin_doctor.h"
#include "admin/admin_reopen.h"
#include "base/check.h"
#include "base/file_system.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/duration.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "client/account/organisation.h"
#include "crypto/random.h"
#include "server/vault/host.h"

namespace sealift::cli {
namespace {

using server::vault::Host;
using server::vault::Invitation;

constexpr Option kOptions[] = {
    {'\0', "data", Takes::value},
    {'\0', "admin", Takes::nothing},
    {'\0', "days", Takes::value},
    {'\0', "new", Takes::nothing},
    {'\0', "end", Takes::nothing},
    {'\0', "recovery-officer", Takes::nothing},
    {'\0', "keys", Takes::value},
    {'\0', "keep", Takes::value},
    {'\0', "generation", Takes::value},
    {'\0', "verify", Takes::nothing},
    {'\0', "key-file", Takes::value},
    {'\0', "repair-what-is-safe", Takes::nothing},
    {'\0', "end-what-is-lost", Takes::nothing},
    {'\0', "config", Takes::value},
    {'\0', "backup", Takes::value},
    {'\0', "json", Takes::nothing},
};

constexpr std::chrono::hours kLongInvitation{24 * 31};  // a longer one is warned of

// A whole link where the server has said at which address it is, else its secret alone: clients
// take both.
std::string link_of(const std::string& url, const Invitation& invitation) {
  return url.empty() ? invitation.token.text : url + "/e#" + invitation.token.text;
}

Outcome invite(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto address = parcel::Address::parse(arguments.operands()[1]);
  if (!address) return fail_usage(arguments.operands()[1] + " is not a mail address");
  const auto lifetime = parse_days(arguments.value("days").value_or("7"));
  if (!lifetime) return fail_usage(days_refused(*arguments.value("days")));
  if (*lifetime > kLongInvitation) {
    std::cerr << phrase(environment.language,
                        "sealift: warning: this link will be good for {count} {count:day|days}: "
                        "anyone who finds it until then gets the account; `sealift people "
                        "withdraw` ends it",
                        days_of(*lifetime))
              << "\n";
  }
  const auto made = host.invite(*address,
                                {.administrator = arguments.has("admin"),
                                 .recovery_officer = arguments.has("recovery-officer")},
                                *lifetime);
  if (!made) return tl::unexpected(Failure(made.error()));
  const std::string url = host.last_start().server_url;
  const std::string link = link_of(url, *made);
  if (url.empty()) {
    std::cerr << phrase(environment.language,
                        "sealift: warning: nothing says where people reach this server, so this is "
                        "the link's secret alone: use it in `sealift login URL --enrol SECRET`, or "
                        "set server_url and start the server")
              << "\n";
  }
  const std::string fingerprint = fingerprint_to_compare(host.folder(), environment.clock.now());
  if (arguments.has("json")) {
    nlohmann::json said{{"link", link}, {"expires", made->expires.time_since_epoch().count()}};
    if (!fingerprint.empty()) said["certificate_sha256"] = fingerprint;
    std::cout << said.dump() << "\n";
    return {};
  }
  std::cout << link << "\n";
  if (!fingerprint.empty()) {
    std::cerr << phrase(environment.language,
                        "sealift: no authority vouches for this server's certificate: give the "
                        "person its SHA-256 fingerprint too, by another way than the link. A "
                        "browser shows it before it goes on; `sealift login` takes it:\n"
                        "    --certificate {fingerprint}",
                        fingerprint)
              << "\n";
  }
  return {};
}

Outcome show_lockdown(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto lockdown = host.lockdown();
  if (!lockdown) return tl::unexpected(Failure(lockdown.error()));
  if (arguments.has("json")) {
    std::cout << nlohmann::json{{"is_locked", lockdown->has_value()}}.dump() << "\n";
  } else {
    std::cout << (*lockdown ? phrase(environment.language, "locked down")
                            : phrase(environment.language, "open"))
              << "\n";
  }
  return {};
}

Outcome lock(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto change = host.lock();
  if (!change) return tl::unexpected(Failure(change.error()));
  warn_of_reopening(environment, host);
  return show_lockdown(environment, host, arguments);
}

// `clock show`, `clock accept`
Outcome clock(const Environment& environment, Host& host, const Arguments& arguments) {
  const std::string& what = arguments.operands()[1];
  constexpr std::string_view kParts[] = {"show", "accept"};
  if (what != "show" && what != "accept")
    return fail_usage("clock takes show or accept", did_you_mean(what, kParts));
  const auto held = host.held_clock();
  if (!held) return tl::unexpected(Failure(held.error()));
  if (what == "accept" && *held) {
    const auto change = host.accept_clock();
    if (!change) return tl::unexpected(Failure(change.error()));
  }
  if (arguments.has("json")) {
    nlohmann::json out = {{"is_held", held->has_value() && what == "show"}};
    if (*held) out["shows"] = time_text(**held);
    std::cout << out.dump() << "\n";
  } else if (!*held) {
    std::cout << phrase(environment.language, "the clock is not held") << "\n";
  } else if (what == "show") {
    std::cout << phrase(environment.language,
                        "held: it jumped to {time}; nothing expires because of that", **held)
              << "\n";
  } else {
    std::cout << phrase(environment.language,
                        "accepted: from now on it is {time}, and what is due by then expires",
                        **held)
              << "\n";
  }
  return {};
}

Outcome status(const Environment& environment, Host& host, const Arguments& arguments) {
  return show_lockdown(environment, host, arguments);
}

// `metrics-token`, `metrics-token --end`
Outcome metrics_token(const Environment& environment, Host& host, const Arguments& arguments) {
  const bool is_json = arguments.has("json");
  if (arguments.has("end")) {
    const auto ended = host.end_metrics_token();
    if (!ended) return tl::unexpected(Failure(ended.error()));
    std::cout << (is_json ? std::string(R"({"ended":true})")
                          : phrase(environment.language, "the metrics token has ended"))
              << "\n";
    return {};
  }
  const auto token = host.make_metrics_token();
  if (!token) return tl::unexpected(Failure(token.error()));
  std::cout << (is_json ? nlohmann::json{{"token", *token}}.dump() : *token) << "\n";
  return {};
}

Outcome organisation_key(const Environment& environment, Host& host, const Arguments& arguments) {
  const std::string& key = arguments.operands()[1];
  const auto set = host.set_organisation_key(key);
  if (!set) return tl::unexpected(Failure(set.error()));
  const std::string fingerprint = client::organisation_fingerprint(key);
  if (arguments.has("json")) {
    std::cout << nlohmann::json{{"fingerprint", fingerprint}}.dump() << "\n";
    return {};
  }
  std::cout << phrase(environment.language,
                      "the server knows the organisation's key now; its fingerprint: "
                      "{fingerprint}",
                      fingerprint)
            << "\n";
  return {};
}

// What each verb takes besides --data and --json.
struct AdminVerb {
  std::string_view name;
  std::string_view operand;  // what follows the name; "" for nothing
  std::string_view options;  // names between spaces
};
constexpr AdminVerb kVerbs[] = {
    {"invite", "ADDRESS", " admin recovery-officer days new "},
    {"lock", "", ""},
    {"status", "", ""},
    {"reopen-keys", "", " new "},
    {"reopen", "", " key-file "},
    {"state-restore", "", " key-file "},
    {"clock", "show|accept", ""},
    {"metrics-token", "", " end "},
    {"organisation-key", "KEY", ""},
    {"backup", "FOLDER", " keys keep verify generation "},
    {"restore", "FOLDER", " keys generation "},
    {"fsck", "", " repair-what-is-safe end-what-is-lost "},
    {"doctor", "", " config backup keys "},
};

tl::unexpected<Failure> no_such_verb(const std::string& typed) {
  std::vector<std::string_view> names;
  std::string listed;
  for (const AdminVerb& verb : kVerbs) {
    names.push_back(verb.name);
    listed += (listed.empty() ? "" : ", ") + std::string(verb.name);
  }
  if (typed.empty()) return fail_usage("admin takes one of " + listed);
  return fail_usage("admin takes one of " + listed + "; not " + typed, did_you_mean(typed, names));
}

// An option that another verb takes is a mistake, and not passed over: `backup --generation 3`
// would make a backup where somebody meant to check one.
tl::expected<const AdminVerb*, Failure> verb_of(const Arguments& arguments) {
  const auto& operands = arguments.operands();
  const std::string typed = operands.empty() ? "" : operands[0];
  const auto* const verb = std::ranges::find(kVerbs, typed, &AdminVerb::name);
  if (verb == std::end(kVerbs)) return no_such_verb(typed);
  if (operands.size() != (verb->operand.empty() ? 1U : 2U)) {
    return fail_usage(verb->operand.empty()
                          ? typed + " takes nothing after it but options"
                          : typed + " takes one " + std::string(verb->operand) + " after it");
  }
  for (const Arguments::Given& given : arguments.given()) {
    const std::string name(given.name);
    const bool is_taken = name == "data" || name == "json" ||
                          verb->options.find(" " + name + " ") != std::string_view::npos;
    if (!is_taken) return fail_usage(typed + " takes no --" + name);
  }
  return verb;
}

struct HostVerb {
  std::string_view name;
  Outcome (*run)(const Environment&, Host&, const Arguments&);
};
constexpr HostVerb kHostVerbs[] = {
    {"invite", invite},
    {"lock", lock},
    {"status", status},
    {"reopen-keys", make_reopen_keys},
    {"reopen", reopen},
    {"state-restore", state_restore},
    {"clock", clock},
    {"doctor", examine},
    {"metrics-token", metrics_token},
    {"organisation-key", organisation_key},
};

// A mistyped folder is the usual reason, and nothing is made in one unless it is asked for.
std::string hint_for_missing(bool takes_new) {
  return takes_new ? "check --data: the package's server has /var/lib/sealift; --new makes the "
                     "folder of a new server"
                   : "check --data: the package's server has /var/lib/sealift; a server makes its "
                     "folder when it starts";
}

// Whether an error is about the data folder and doesn't say so yet; others are about what was typed
// besides it.
bool is_of_folder(const base::Error& error, const Arguments& arguments) {
  using base::ErrorCode;
  for (const char* const option : {"config", "key-file"}) {
    const auto typed = arguments.value(option);
    if (typed && error.text.find(*typed) != std::string::npos) return false;
  }
  return error.code != ErrorCode::usage && error.code != ErrorCode::malformed &&
         error.code != ErrorCode::limit && !error.text.starts_with(*arguments.value("data"));
}

Outcome act(const Environment& environment, const Arguments& arguments, std::string_view name) {
  const auto* const verb = std::ranges::find(kHostVerbs, name, &HostVerb::name);
  SEALIFT_CHECK(verb != std::end(kHostVerbs));
  const std::string data = *arguments.value("data");
  crypto::SystemRandom random;
  std::error_code unknown;  // opening says why
  const bool is_there = std::filesystem::exists(data + "/vault.key", unknown);
  const auto begin = arguments.has("new") ? Host::Begin::yes : Host::Begin::no;
  auto host = Host::open(data, begin, random, environment.clock);
  if (!host) {
    const bool is_missing = !is_there && host.error().code == base::ErrorCode::not_found;
    const bool takes_new = name == "invite" || name == "reopen-keys";
    return tl::unexpected(Failure(std::move(host).error().with_context(data),
                                  is_missing ? hint_for_missing(takes_new) : ""));
  }
  if (!is_there)
    std::cerr << phrase(
                     environment.language,
                     "sealift: {folder} held no server's data: made the keys and the catalog of a "
                     "new server in it",
                     data)
              << "\n";
  Outcome done = verb->run(environment, **host, arguments);
  if (done || !is_of_folder(done.error().error, arguments)) return done;
  return tl::unexpected(
      Failure(std::move(done.error().error).with_context(data), std::move(done.error().hint)));
}

}  // namespace

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments) {
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->has("data")) return fail_usage("--data DIR is missing");
  const auto verb = verb_of(*parsed);
  if (!verb) return tl::unexpected(verb.error());
  const std::string_view name = (*verb)->name;
  if (name == "backup") return back_up(environment, *parsed);
  if (name == "restore") return restore(environment, *parsed);
  if (name == "fsck") return check_folder(environment, *parsed);
  return act(environment, *parsed, name);
}

}  // namespace sealift::cli
