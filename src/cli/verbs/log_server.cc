#include "cli/verbs/log_server.h"

#include <iostream>

#include "base/base64.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/server_session.h"
#include "cli/terminal.h"
#include "cli/time_text.h"
#include "cli/trust.h"
#include "client/account/directory_watch.h"
#include "client/account/log_watch.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;

struct Verified {
  client::LogCheck check;
  std::optional<std::uint64_t> seen_before;  // entries that were pinned
  client::DirectoryCheck directory;
};

Result<Verified> verify(const Environment& environment, const client::ServerAddress& server,
                        const client::Trust& trust) {
  SEALIFT_TRY(const client::Profile profile, client::Profile::open(environment.profile_folder));
  SEALIFT_TRY(client::HttpClient http,
              client::HttpClient::make(settings_for(environment, server, trust)));
  SEALIFT_TRY(client::Pins pins, profile.pins(server));
  const client::api::Api api(http);
  std::optional<log::TreeHead> kept;
  if (pins.log) kept = pins.log->head;
  client::LogWatch watch(api, pins.log);
  SEALIFT_TRY(const log::Checkpoint newest, watch.follow());
  Progress progress(environment, "", 0);
  const auto show = [&](std::uint64_t done) {
    progress.show([&] {
      return phrase(environment.language, "verifying {done} of {size}", done, newest.head.size);
    });
  };
  SEALIFT_TRY(const client::LogCheck check, client::check_whole_log(api, newest.head, kept, show));
  auto directory = client::check_whole_directory(api, pins, {});
  if (!directory) return tl::unexpected(std::move(directory).error().with_context("the directory"));
  SEALIFT_TRY_VOID(profile.save_pins(server, pins));
  return Verified{check, kept ? std::optional(kept->size) : std::nullopt, *directory};
}

void print(const log::RestoreStatement& stated, std::uint64_t seen, base::Language language) {
  std::cout << phrase(
      language,
      "The operator of this server states, signed with its reopen key:\n"
      "  restored     {restored}\n"
      "  from backup  {backup}\n"
      "  kept         the log's first {kept} entries; you saw {seen}\n"
      "               the directory's first {kept_directory}\n"
      "  lost         {lost} {lost:parcel's|parcels'} bytes, and everything after the "
      "backup\n",
      stated.restored, stated.backup, stated.kept.size, seen, stated.kept_directory.size,
      stated.lost);
}

// One that this client has no key to check with.
bool has_unknown_statement(const client::api::Api& api, const client::Pins& pins) {
  if (!pins.log || !pins.log->reopen_keys.empty()) return false;
  const auto server = api.call(client::api::kServerDescribe);
  return server && server->restore_statement;
}

Outcome accept(const Environment& environment, const Arguments& arguments,
               const client::ServerAddress& server, const client::Trust& trust) {
  const auto profile = or_failure(client::Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(profile.error());
  auto http = or_failure(client::HttpClient::make(settings_for(environment, server, trust)));
  if (!http) return tl::unexpected(http.error());
  auto pins = or_failure(profile->pins(server));
  if (!pins) return tl::unexpected(pins.error());
  const client::api::Api api(*http);
  client::LogWatch watch(api, pins->log);
  const auto stated = or_failure(watch.stated_restore());
  if (!stated) return tl::unexpected(stated.error());
  if (!*stated && has_unknown_statement(api, *pins))
    return tl::unexpected(
        Failure({ErrorCode::not_found,
                 "this client never saw the server's reopen keys, and can't check what is signed "
                 "with them"},
                "log in with a new profile, --profile NAME, and compare keys by telephone"));
  if (!*stated)
    return tl::unexpected(
        Failure({ErrorCode::not_found,
                 "this server's operator has published no restore that is new to you"},
                "if the log went back without one, call the people who run the server"));
  print(**stated, pins->log->head.size, environment.language);
  if (!arguments.has("yes")) {
    const auto agreed =
        confirm(phrase(environment.language,
                       "Compare the number of entries kept with your operator. Go on? Type yes: "));
    if (!agreed) return tl::unexpected(Failure(agreed.error(), "--yes agrees without asking"));
    if (!*agreed)
      return tl::unexpected(Failure({ErrorCode::conflict, "not accepted: the answer was not yes"}));
  }
  const auto newest = or_failure(watch.accept_restore(**stated));
  if (!newest) return tl::unexpected(newest.error());
  if (pins->directory) {
    client::LogWatch directory(api, pins->directory, client::ServerLog::directory);
    const auto changes = or_failure(directory.accept_restore(**stated));
    if (!changes) return tl::unexpected(changes.error());
  }
  // Some of them may be lost with it: who is sealed to next is judged then. So are one's own acts.
  pins->to_check_again.clear();
  pins->acts.clear();
  const auto saved = or_failure(profile->save_pins(server, *pins));
  if (!saved) return tl::unexpected(saved.error());
  std::cout << phrase(environment.language,
                      "accepted; what this client knows of people's keys is unchanged")
            << "\n";
  return {};
}

}  // namespace

Outcome accept_restored_log(const Environment& environment, const Arguments& arguments) {
  const auto server = server_of(arguments.operands()[0]);
  if (!server) return tl::unexpected(server.error());
  const auto trust = trust_of(environment, arguments, *server);
  if (!trust) return tl::unexpected(trust.error());
  return accept(environment, arguments, *server, *trust);
}

Outcome verify_server_log(const Environment& environment, const Arguments& arguments) {
  const auto server = server_of(arguments.operands()[0]);
  if (!server) return tl::unexpected(server.error());
  const auto trust = trust_of(environment, arguments, *server);
  if (!trust) return tl::unexpected(trust.error());
  const auto verified = or_failure(verify(environment, *server, *trust));
  if (!verified) return tl::unexpected(verified.error());
  const log::TreeHead& head = verified->check.head;
  const std::string root = base::base64_encode(head.root, base::Padding::required);
  if (arguments.has("json")) {
    std::cout << "{\"whole\":true,\"size\":" << head.size << ",\"root\":\"" << root << "\"";
    if (verified->seen_before) std::cout << ",\"seen_before\":" << *verified->seen_before;
    std::cout << ",\"directory\":{\"size\":" << verified->directory.head.size
              << ",\"addresses\":" << verified->directory.addresses << "},\"problems\":[]}\n";
    return {};
  }
  std::cout << phrase(
      environment.language,
      "entries     {size}\nroot        {root}\n"
      "directory   {addresses} {addresses:address|addresses}, {entries} {entries:entry|entries}\n",
      head.size, root, verified->directory.addresses, verified->directory.head.size);
  std::cout << (verified->seen_before
                    ? phrase(environment.language, "seen before {size}, and unchanged",
                             *verified->seen_before)
                    : phrase(environment.language,
                             "seen before never; from now on, this client knows this log"))
            << "\n";
  return {};
}

}  // namespace sealift::cli
