#include "cli/verbs/transfer.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "cli/event_receipt.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "cli/trust.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::size_t kRefusedShownMax = 20;
constexpr std::size_t kDomainsShownMax = 10;

void show_refused(const client::SourceTree& tree, base::Language language) {
  std::size_t shown = 0;
  for (const client::RefusedSource& each : tree.refused) {
    if (++shown > kRefusedShownMax) break;
    std::cerr << "  " << client::printable_name(each.path) << ": "
              << looked_up(language, client::refusal_text(each.why)) << "\n";
  }
  if (tree.refused.size() > kRefusedShownMax)
    std::cerr << phrase(language, "  and {count} more", tree.refused.size() - kRefusedShownMax)
              << "\n";
}

}  // namespace

tl::expected<Sources, Failure> find_sources(const Environment& environment,
                                            std::span<const std::string> paths,
                                            bool may_leave_out) {
  Sources sources;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!path.empty() && !std::filesystem::exists(std::filesystem::symlink_status(path, error)))
      return tl::unexpected(Failure({ErrorCode::not_found, "there is no file or folder " + path},
                                    "nothing was sent"));
    sources.paths.push_back(path.empty() ? path : std::filesystem::absolute(path).string());
  }
  auto tree = client::walk_sources(sources.paths);
  if (!tree) return tl::unexpected(Failure(std::move(tree).error()));
  if (!tree->refused.empty()) {
    std::cerr << phrase(environment.language, "sealift: these cannot be sent:") << "\n";
    show_refused(*tree, environment.language);
    if (!may_leave_out)
      return tl::unexpected(Failure({ErrorCode::usage, "not everything can be sent"},
                                    "nothing was sent; --leave-out sends the rest"));
  }
  if (tree->entries.empty())
    return tl::unexpected(Failure({ErrorCode::usage, "there is nothing to send"}));
  sources.tree = *std::move(tree);
  return sources;
}

client::Patience patience() {
  return {.attempts_max = 9, .first_wait_ms = std::chrono::milliseconds(500), .wait = wait_ms};
}

std::string openings_folder(const Environment& environment) {
  return environment.profile_folder + "/openings";
}

std::string sent_folder(const Environment& environment) {
  return environment.profile_folder + "/sent";
}

std::string correspondence_folder(const Environment& environment) {
  return environment.profile_folder + "/correspondence";
}

tl::expected<client::HttpClient, Failure> connect_as_visitor(const Environment& environment,
                                                             const std::string& server_url,
                                                             const Arguments& arguments) {
  auto address = or_failure(client::ServerAddress::parse(server_url));
  if (!address) return tl::unexpected(std::move(address).error());
  auto trust = trust_of(environment, arguments, *address);
  if (!trust) return tl::unexpected(std::move(trust).error());
  // The profile is also where what is under way is kept.
  const auto profile = or_failure(client::Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(profile.error());
  return or_failure(client::HttpClient::make(settings_for(environment, *address, *trust)));
}

tl::expected<client::api::ParcelId, Failure> parse_parcel(const std::string& text) {
  const auto id = client::api::ParcelId::parse(text);
  if (!id)
    return fail_usage("a parcel's id has 32 hexadecimal digits; not " + text,
                      "`sealift inbox` and `sealift outbox` list parcels by their ids");
  return *id;
}

tl::expected<client::api::Policy, Failure> read_policy(const ServerSession& session) {
  auto policy = session.api().call(client::api::kPolicyRead);
  if (!policy && policy.error().code == ErrorCode::forbidden) return client::api::Policy{};
  return or_failure(std::move(policy));
}

Outcome judge_domain(const client::api::Policy& policy, const parcel::Address& address) {
  const std::vector<std::string>& allowed = policy.recipient_domains;
  if (allowed.empty() || std::ranges::find(allowed, address.domain()) != allowed.end()) return {};
  std::string shown;
  for (std::size_t i = 0; i < allowed.size() && i < kDomainsShownMax; ++i)
    shown.append(shown.empty() ? "" : ", ").append(allowed[i]);
  if (allowed.size() > kDomainsShownMax) shown.append(", ...");
  return tl::unexpected(Failure(
      {ErrorCode::forbidden, "the policy lets no parcel go to " + address.text()},
      "it allows the domains " + shown + " (recipient_domains); an administrator can change it"));
}

Outcome judge_note(const Arguments& arguments) {
  const std::size_t size = arguments.value("note").value_or("").size();
  if (size <= limits::kNoteSizeMax) return {};
  return fail_usage("the note has " + std::to_string(size) + " bytes, and may have " +
                    std::to_string(limits::kNoteSizeMax));
}

namespace {

void print_sent(const client::SentParcel& sent, const Arguments& arguments,
                base::Language language) {
  if (sent.changed_while_read > 0)
    std::cerr << phrase(language,
                        "sealift: warning: {count} {count:file was|files were} written to while "
                        "{count:it was|they were} sent",
                        sent.changed_while_read)
              << "\n";
  const std::string passphrase(base::text_of(sent.passphrase.view()));
  if (arguments.has("json")) {
    json out = {{"parcel", sent.id.text()},
                {"entries", sent.entries},
                {"content_bytes", sent.content_bytes},
                {"continued", sent.was_continued}};
    if (sent.event) out["event"] = sent.event->text();
    if (!sent.link.empty()) out["link"] = sent.link;
    if (!passphrase.empty()) out["passphrase"] = passphrase;
    std::cout << out.dump() << "\n";
    return;
  }
  std::cout << phrase(language, "sent {parcel}: {count} {count:entry|entries}, {size_bytes}",
                      sent.id.text(), sent.entries, sent.content_bytes)
            << "\n";
  if (!sent.link.empty()) std::cout << phrase(language, "link: {link}", sent.link) << "\n";
  if (!passphrase.empty())
    std::cout << phrase(language,
                        "passphrase: {passphrase}   (send it by another way than the link)",
                        passphrase)
              << "\n";
}

}  // namespace

Outcome send_and_print(const Environment& environment, const Arguments& arguments,
                       client::SendOrder& order, const Sender& sender) {
  age::Pipeline pipeline(environment.cpu_count);
  crypto::SystemRandom random;
  auto progress = std::make_unique<Progress>(environment, sender.doing, order.tree.content_bytes);
  const bool is_outsider = sender.session.token.empty();
  auto sent = or_failure(client::send_parcel(
      order, {.http = sender.http,
              .session = sender.session,
              .signing = sender.signing,
              .pipeline = pipeline,
              .random = random,
              .clock = environment.clock,
              .folder = environment.profile_folder + "/sendings",
              .sent_folder = is_outsider ? "" : sent_folder(environment),
              .correspondence_folder = is_outsider ? "" : correspondence_folder(environment),
              .make_passphrase = generate_passphrase,
              .patience = patience(),
              .progress = [&](std::uint64_t done) { progress->show(done); }}));
  progress.reset();  // the line goes before anything is said
  if (!sent) return tl::unexpected(std::move(sent).error());
  print_sent(*sent, arguments, environment.language);
  if (!sent->event) return {};
  return keep_receipt(
      environment, arguments, client::api::Api(sender.http, sent->proof_right), order.server_url,
      {.event = *sent->event, .kind = "parcel_completed", .facts = {{"parcel", sent->id.text()}}});
}

}  // namespace sealift::cli
