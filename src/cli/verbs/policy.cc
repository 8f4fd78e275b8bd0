// `sealift policy`: the policy as text, one name and value a line.
#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/verbs/people.h"
#include "cli/verbs/proposals.h"
#include "client/api/json_codec.h"
#include "http/field.h"
#include "parcel/address.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace api = client::api;

constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};
constexpr std::string_view kParts[] = {"show", "set"};
constexpr std::string_view kRevision = "revision";
constexpr std::string_view kNone = "none";

// What may be absent from the policy: nothing is then limited.
bool may_be_absent(const std::string& name) { return name == "link_opens_max"; }

std::string value_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string out;
  for (const json& each : value) out += (out.empty() ? "" : ",") + each.get<std::string>();
  return out;
}

std::string joined(api::Names names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// What the setting takes, and what was typed.
tl::unexpected<base::Error> refuse_value(const std::string& name, const std::string& text) {
  std::string allowed;
  if (name == "links") allowed = joined(api::enumerator_names(api::LinkRule{}));
  if (name == "link_passphrase") allowed = joined(api::enumerator_names(api::PassphraseRule{}));
  if (name == "lockdown_halves") allowed = joined(api::enumerator_names(api::LockdownHalves{}));
  const auto refuse = [&](const std::string& takes) {
    return base::fail(ErrorCode::usage, "the policy " + name + " takes " + takes + "; not " + text);
  };
  if (!allowed.empty()) return refuse("one of " + allowed);
  if (may_be_absent(name)) return refuse("a number from 1 to 1000000, or none");
  if (name.find("_ms") != name.npos)
    return refuse("a duration of at most ten years, like 12h or 7d, or milliseconds");
  if (name.find("_bytes") != name.npos) return refuse("a size like 500M or 10G, or bytes");
  return refuse("up to 1000 domains in small letters, joined by commas");
}

// A number's unit is in its name: durations and sizes may be written as people write them.
std::optional<std::uint64_t> number_of(const std::string& name, const std::string& text) {
  if (const auto number = http::parse_decimal(text, std::uint64_t{1} << 62)) return number;
  if (name.find("_bytes") != name.npos) return base::parse_bytes(text);
  if (name.find("_ms") == name.npos) return std::nullopt;
  const auto duration = base::parse_duration(text);
  if (!duration) return std::nullopt;
  return static_cast<std::uint64_t>(duration->count());
}

Result<json> domains_of(const std::string& name, const std::string& text) {
  json list = json::array();
  std::optional<std::string_view> rest = text;
  while (const auto element = http::next_element(rest)) {
    if (element->empty()) continue;
    if (!parcel::is_domain(*element)) return refuse_value(name, std::string(*element));
    list.push_back(std::string(*element));
  }
  return list;
}

// As refuse_value() says it; the server has borders of its own.
bool is_in_range(const std::string& name, std::uint64_t number) {
  constexpr std::uint64_t kTenYearsMs = 315'360'000'000;
  constexpr std::uint64_t kOpensMax = 1'000'000;
  if (may_be_absent(name)) return number >= 1 && number <= kOpensMax;
  return name.find("_ms") == name.npos || number <= kTenYearsMs;
}

// `present` shows which kind of value belongs there.
Result<json> value_of(const std::string& name, const std::string& text, const json& present) {
  if (present.is_string()) return json(text);
  if (present.is_array()) return domains_of(name, text);
  const auto number = number_of(name, text);
  if (!number || !is_in_range(name, *number)) return refuse_value(name, text);
  return json(*number);
}

tl::unexpected<base::Error> no_such_name(const json& policy, const std::string& word,
                                         const std::string& name) {
  std::vector<std::string_view> known{"link_opens_max"};
  for (const auto& [each, value] : policy.items())
    if (each != kRevision) known.push_back(each);
  const auto meant = nearest(name, known);
  if (meant && *meant != name)
    return base::fail(ErrorCode::usage, word + ": the policy has no " + name + "; did you mean " +
                                            std::string(*meant) + "?");
  return base::fail(ErrorCode::usage,
                    word + ": policy set takes NAME=VALUE, with the names of policy show");
}

Result<void> set_one(json& policy, const std::string& word) {
  const std::size_t at = word.find('=');
  const std::string name = word.substr(0, at);
  if (at != word.npos && name == kRevision)
    return base::fail(ErrorCode::usage,
                      "the policy's revision can't be set: it counts the changes");
  if (at == word.npos || !(policy.contains(name) || may_be_absent(name)))
    return no_such_name(policy, word, name);
  const std::string text = word.substr(at + 1);
  if (may_be_absent(name) && text == kNone) {
    policy.erase(name);
    return {};
  }
  const json present = policy.contains(name) ? policy[name] : json(std::uint64_t{0});
  SEALIFT_TRY(policy[name], value_of(name, text, present));
  return {};
}

// What of `wanted` isn't in force yet.
void tell_what_waits(const ServerSession& session, api::Policy wanted, const api::Policy& present,
                     base::Language language) {
  wanted.revision = present.revision;
  std::ranges::sort(wanted.recipient_domains);
  if (api::encode(wanted) == api::encode(present)) return;
  const auto proposed = proposal_of_policy(session.api());
  if (!proposed) return;
  std::cerr << phrase(language, "sealift: proposed {proposal}: {what}", proposed->id.text(),
                      proposal_text(*proposed, language))
            << "\n";
}

Result<api::Policy> change(ServerSession& session, std::span<const std::string> words,
                           base::Language language) {
  // First what only an owner may ask: a token is told so, whatever else it may not.
  SEALIFT_TRY(client::Acting* const acting, session.acting());
  SEALIFT_TRY_VOID(acting->follow());
  SEALIFT_TRY(const api::Policy present, session.api().call(api::kPolicyRead));
  json policy = json::parse(api::encode(present), nullptr, false);
  api::Policy wanted = present;
  for (const std::string& word : words) {
    SEALIFT_TRY_VOID(set_one(policy, word));
    auto valid = api::decode<api::Policy>(base::bytes_of(policy.dump()));
    if (!valid)
      return refuse_value(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
    wanted = *std::move(valid);
  }
  SEALIFT_TRY(const api::Policy replaced, session.act(api::kPolicyReplace, wanted));
  tell_what_waits(session, wanted, replaced, language);
  return replaced;
}

void print(const api::Policy& policy, const Arguments& arguments) {
  const std::string text = api::encode(policy);
  if (arguments.has("json")) {
    std::cout << text << "\n";
    return;
  }
  const json all = json::parse(text, nullptr, false);
  for (const auto& [name, value] : all.items())
    std::cout << name << "=" << value_text(value) << "\n";
  if (!policy.link_opens_max) std::cout << "link_opens_max=" << kNone << "\n";
}

}  // namespace

Outcome run_policy(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  const bool is_show = operands.size() == 1 && operands[0] == "show";
  const bool is_set = operands.size() > 1 && operands[0] == "set";
  if (!is_show && !is_set)
    return fail_usage("policy takes show, or set NAME=VALUE...",
                      did_you_mean(operands.empty() ? "" : operands[0], kParts));
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  const auto policy =
      or_failure(is_show ? session->api().call(api::kPolicyRead)
                         : change(*session, std::span(operands).subspan(1), environment.language));
  if (!policy) return tl::unexpected(policy.error());
  print(*policy, *arguments);
  return {};
}

}  // namespace sealift::cli
