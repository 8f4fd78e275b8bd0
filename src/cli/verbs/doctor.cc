#include "cli/verbs/doctor.h"

#include "base/refusal.h"
#include "cli/arguments.h"
#include "cli/checkup.h"
#include "cli/server_session.h"
#include "cli/time_text.h"
#include "cli/trust.h"
#include "client/api/calls.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using std::chrono::milliseconds;

constexpr Option kOptions[] = {{'\0', "certificate", Takes::value},
                               {'\0', "authorities", Takes::value},
                               {'\0', "json", Takes::nothing}};

constexpr milliseconds kClockGood = std::chrono::minutes(2);
constexpr milliseconds kClockTolerated = std::chrono::hours(24);
// Larger than nginx's default limit, and than what the server takes here: it is the server who
// should refuse it.
constexpr std::size_t kProbeBytes = 3U << 20;

void check_clock(Checkup& checkup, base::UnixTime server, base::UnixTime here) {
  const milliseconds apart = server > here ? server - here : here - server;
  const std::string says =
      "the server says " + time_text(server) + ", this machine " + time_text(here);
  if (apart <= kClockGood) return checkup.add("clock", Finding::good, says);
  checkup.add("clock", apart <= kClockTolerated ? Finding::attention : Finding::problem, says,
              "set the clock that is wrong, and let it follow a time server");
}

void check_lockdown(Checkup& checkup, const api::ServerDescription& server) {
  const bool is_locked = server.lockdown.value_or(false);
  checkup.add("lockdown", is_locked ? Finding::attention : Finding::good,
              is_locked ? "the server is locked down" : "the server is open",
              is_locked ? "its administrators decide when it reopens" : "");
}

// Asks for something with a body that the server refuses for its size: by who refuses it is known
// whether as much gets through.
void check_bodies(Checkup& checkup, client::HttpClient& http, base::Language language) {
  const client::Request request{.method = http::Method::post,
                                .target = std::string(api::kSessionPrepare.pattern),
                                .content_type = client::ContentType::json};
  const base::Bytes probe(kProbeBytes, std::byte{' '});
  const auto reply = http.call(request, probe);
  if (!reply) {
    return checkup.add("bodies", Finding::problem,
                       "a request of 3 MiB broke off: " + reply.error().text,
                       "see /usr/share/doc/sealift/operate/proxies.md");
  }
  const base::Error refused = api::refusal_of(reply->head.status, reply->body);
  const auto refusal = base::refusal_of(refused);
  const bool is_proxy =
      refusal && (refusal->row->reason == "proxy_limit" || refusal->row->reason == "not_sealift");
  if (!is_proxy) return checkup.add("bodies", Finding::good, "requests of 3 MiB reach the server");
  checkup.add("bodies", Finding::attention, refusal->sentence(language),
              "sending works in small requests, slower; "
              "/usr/share/doc/sealift/operate/proxies.md has the settings");
}

}  // namespace

Outcome run_doctor(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() != 1) return fail_usage("doctor takes a server's URL");
  auto address = server_of(arguments->operands()[0]);
  if (!address) return tl::unexpected(std::move(address).error());
  auto trust = trust_of(environment, *arguments, *address);
  if (!trust) return tl::unexpected(std::move(trust).error());
  auto http = or_failure(client::HttpClient::make(settings_for(environment, *address, *trust)));
  if (!http) return tl::unexpected(std::move(http).error());

  // Of what the table of refusals says; the rest is translated where it is shown.
  const auto language = arguments->has("json") ? base::Language::english : environment.language;
  Checkup checkup;
  const auto server = api::Api(*http).call(api::kServerDescribe);
  if (!server) {
    const auto refusal = base::refusal_of(server.error());
    checkup.add(
        "server", Finding::problem, refusal ? refusal->sentence(language) : server.error().text,
        refusal ? refusal->hint(language) : "check the address, the network and the certificate");
    return checkup.print(arguments->has("json"), environment.language);
  }
  checkup.add("server", Finding::good, "Sealift " + server->version + " answers");
  check_clock(checkup, server->now, environment.clock.now());
  check_lockdown(checkup, *server);
  check_bodies(checkup, *http, language);
  return checkup.print(arguments->has("json"), environment.language);
}

}  // namespace sealift::cli
