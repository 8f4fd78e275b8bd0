#include "cli/verbs/request.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "base/units.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/done.h"
#include "cli/duration.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "cli/verbs/transfer.h"
#include "parcel/request_link.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using nlohmann::json;

constexpr Option kOptions[] = {
    {'\0', "title", Takes::value}, {'\0', "expires", Takes::value}, {'\0', "parcels", Takes::value},
    {'\0', "size", Takes::value},  {'\0', "json", Takes::nothing},
};

constexpr std::chrono::milliseconds kLifetime = std::chrono::hours(24 * 14);
constexpr std::size_t kTitleSizeMax = 2000;

parcel::RequestLink link_of(const ServerSession& session, const client::AccountKeys& keys,
                            const api::RequestId& id, std::uint64_t generation,
                            const std::string& recipient) {
  parcel::RequestLink link;
  link.server_url = session.login().server.text();
  link.request_id = id.bytes;
  link.secret = parcel::request_secret(keys.signing_of(generation), id.bytes);
  link.fingerprint = parcel::recipient_fingerprint(recipient);
  return link;
}

tl::expected<api::NewRequest, Failure> wish_of(const Arguments& arguments,
                                               const api::Policy& policy) {
  api::NewRequest wish;
  wish.lifetime_ms = std::min(kLifetime, policy.parcel_lifetime_ms_max);
  wish.size_bytes_max = policy.parcel_size_bytes_max;
  if (const auto text = arguments.value("expires")) {
    const auto lifetime = parse_duration(*text);
    if (!lifetime) return fail_usage(duration_refused("--expires", *text));
    wish.lifetime_ms = *lifetime;
  }
  if (const auto text = arguments.value("parcels")) {
    wish.parcels_max = parse_count(*text, 1'000'000);
    if (!wish.parcels_max)
      return fail_usage("--parcels takes a number from 1 to 1000000; not " + *text);
  }
  if (const auto text = arguments.value("size")) {
    const auto size = base::parse_bytes(*text);
    if (!size || *size > limits::kHttpBodySizeMax)
      return fail_usage("--size takes a size like 500M or 10G; not " + *text);
    wish.size_bytes_max = *size;
  }
  return wish;
}

Outcome create(const ServerSession& session, const Arguments& arguments, base::Language language) {
  const auto title = arguments.value("title");
  if (!title || title->empty()) return fail_usage("request create needs a --title");
  if (title->size() > kTitleSizeMax)
    return fail_usage("the title has " + std::to_string(title->size()) + " bytes, and may have " +
                      std::to_string(kTitleSizeMax));
  const auto keys = or_failure(session.keys());
  if (!keys) return tl::unexpected(keys.error());
  const auto recipient = or_failure(keys->recipient());
  if (!recipient) return tl::unexpected(recipient.error());
  const auto policy = or_failure(session.api().call(api::kPolicyRead));
  if (!policy) return tl::unexpected(policy.error());
  auto wish = wish_of(arguments, *policy);
  if (!wish) return tl::unexpected(std::move(wish).error());
  crypto::SystemRandom random;
  wish->id.bytes = random.array<16>();
  const parcel::RequestLink link = link_of(session, *keys, wish->id, keys->generation, *recipient);
  wish->verifier = parcel::request_proof_key(link.secret, wish->id.bytes).public_key();
  wish->generation = keys->generation;
  wish->sealed_title = {parcel::seal_title(link.secret, wish->id.bytes, *title)};
  const auto made = or_failure(session.api().call(api::kRequestCreate, *wish));
  if (!made) return tl::unexpected(made.error());
  if (arguments.has("json")) {
    std::cout << json{{"request", made->id.text()},
                      {"link", link.text()},
                      {"expires", time_text(made->expires)}}
                     .dump()
              << "\n";
  } else {
    std::cout << phrase(language, "request {request} until {time}\nlink: {link}\n", made->id.text(),
                        made->expires, link.text());
  }
  return {};
}

void print(const api::FileRequest& request, const std::string& title, const std::string& link,
           const Arguments& arguments, base::Language language, json& out) {
  if (arguments.has("json")) {
    json one = {{"request", request.id.text()},
                {"title", title},
                {"link", link},
                {"parcels_used", request.parcels_used},
                {"expires", time_text(request.expires)}};
    if (request.parcels_max) one["parcels_max"] = *request.parcels_max;
    if (request.closed) one["closed"] = time_text(*request.closed);
    out.push_back(std::move(one));
    return;
  }
  const std::uint64_t used = request.parcels_used;
  std::cout << (request.parcels_max
                    ? phrase(language, "{request}  handed in {count} of at most {most}  ",
                             request.id.text(), used, std::uint64_t{*request.parcels_max})
                    : phrase(language, "{request}  handed in {count}  ", request.id.text(), used))
            << (request.closed ? phrase(language, "closed {time}", *request.closed)
                               : phrase(language, "until {time}", request.expires))
            << "  " << client::printable_name(title) << "\n";
  // The link of an older key of ours can't be told.
  if (!link.empty()) std::cout << "  " << link << "\n";
}

Outcome list(const ServerSession& session, const Arguments& arguments, base::Language language) {
  const auto keys = or_failure(session.keys());
  if (!keys) return tl::unexpected(keys.error());
  const auto recipient = or_failure(keys->recipient());
  if (!recipient) return tl::unexpected(recipient.error());
  json out = json::array();
  bool has_any = false;
  api::Before before;
  do {
    const auto page = or_failure(session.api().call(api::kRequestList, {}, before));
    if (!page) return tl::unexpected(page.error());
    for (const api::FileRequest& each : page->requests) {
      has_any = true;
      const parcel::RequestLink link =
          link_of(session, *keys, each.id, each.generation, *recipient);
      const bool is_of_newest = each.generation == keys->generation;
      const auto title = parcel::open_title(link.secret, each.id.bytes, each.sealed_title.bytes);
      const std::string unreadable =
          arguments.has("json") ? "(not readable)" : phrase(language, "(not readable)");
      print(each, title.value_or(unreadable), title && is_of_newest ? link.text() : "", arguments,
            language, out);
    }
    before = page->next;
  } while (before);
  if (arguments.has("json")) std::cout << out.dump() << "\n";
  if (!has_any) say_none(arguments, phrase(language, "sealift: you have made no request"));
  return {};
}

}  // namespace

Outcome run_request(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  const std::string what = operands.empty() ? "" : operands[0];
  constexpr std::string_view kNames[] = {"create", "list", "close"};
  const std::size_t wanted = what == "close" ? 2 : 1;
  if ((what != "create" && what != "list" && what != "close") || operands.size() != wanted)
    return fail_usage("request takes create, list or close REQUEST", did_you_mean(what, kNames));
  const auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  if (what == "create") return create(*session, *arguments, environment.language);
  if (what == "list") return list(*session, *arguments, environment.language);
  const auto id = api::RequestId::parse(operands[1]);
  if (!id)
    return fail_usage("a request's id has 32 hexadecimal digits; not " + operands[1],
                      "`sealift request list` shows yours");
  const auto closed = session->api().call(api::kRequestClose, {}, *id);
  if (!closed) {
    Failure failure = call_failure(closed.error());
    if (closed.error().code == base::ErrorCode::not_found)
      failure.hint = "`sealift request list` shows yours";
    return tl::unexpected(std::move(failure));
  }
  say_done(*arguments, {{"closed", id->text()}},
           phrase(environment.language,
                  "closed the request {request}: nothing more can be handed in", id->text()));
  return {};
}

}  // namespace sealift::cli
